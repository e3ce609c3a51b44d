import type { ReactNode } from "react";
import { Account } from "../../../../components/Account";
import { Offer } from "../../../../components/Offer";

/** Rendered for each request. */
export default async function Page(props: {
  params: Promise<{ country: string }>;
}): Promise<ReactNode> {
  const { country } = await props.params;
  return (
    <>
      <Offer country={country} />
      <Account />
    </>
  );
}

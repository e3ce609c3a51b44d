import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { CloseRide, ForRole } from "../../../example/recipes/roles.js";
import { renderRecorded } from "../../support/frames.js";
import { signIn } from "../../support/people.js";
import { setup } from "../../support/setup.js";

test("each sees what the own role may, and nobody a frame of the rest", async () => {
  const { server, auth } = await setup({ signedIn: false });
  const { frames } = renderRecorded(
    auth,
    <>
      <ForRole of="keeper" login="sign in">
        the keepers' desk
      </ForRole>
      <CloseRide onClose={() => {}} />
    </>,
  );
  await screen.findByText("sign in");
  await act(() => signIn({ sub: "u1", roles: ["guest"] }, auth, server));
  expect(frames.at(-1)).toBe("This page is for others. Ask for the role “keeper”.");
  expect(frames.join()).not.toContain("desk");
  await act(() => signIn({ sub: "u2", roles: ["guest", "keeper"] }, auth, server));
  expect(frames.at(-1)).toBe("the keepers' desk Close the ride");
  await act(() => auth.logout());
  expect(frames.at(-1)).toBe("sign in");
});

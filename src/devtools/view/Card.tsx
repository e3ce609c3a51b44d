import { useId, type ReactElement, type ReactNode } from "react";

/** A part of the panel under a heading. */
export function Card({ title, children }: { title: string; children: ReactNode }): ReactElement {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

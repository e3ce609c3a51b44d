import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { demo } from "../demo.js";

/** The sign-ins that a demonstration gives away. Stands inside the form that it fills in. */
export function Guests(): ReactElement | null {
  const guests = useQuery(demo).data?.guests ?? [];
  if (guests.length === 0) return null;
  return (
    <section className="guests" aria-labelledby="guests">
      <h2 id="guests">Or come as a guest of the house</h2>
      <ul>
        {guests.map(({ name, role, email, password }) => (
          <li key={email}>
            <button
              type="button"
              className="quiet"
              onClick={({ currentTarget: { form } }) => form && fillIn(form, { email, password })}
            >
              <strong>{name}</strong> <span className="hint">{role}</span>
              <span className="guest-key">{email}</span>
              <span className="guest-key">{password}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Leads on to the submit button: the next thing to press. */
function fillIn(form: HTMLFormElement, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    const input = form.elements.namedItem(name);
    if (input instanceof HTMLInputElement) input.value = value;
  }
  form.querySelector<HTMLButtonElement>("[type=submit]")?.focus();
}

import type { ReactElement } from "react";

/** Who can sign in to a new park: see the server's `seed.ts`. */
const guests = [
  { name: "Ada", role: "visitor", email: "ada@park.example", password: "rollercoaster-1" },
  { name: "Grace", role: "admin", email: "grace@park.example", password: "ferris-wheel-2" },
];

/** The seeded sign-ins. Stands inside the form that it fills in. */
export function Guests(): ReactElement {
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

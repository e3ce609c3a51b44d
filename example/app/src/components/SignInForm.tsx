import { AuthError, useAuth } from "react-authed-query";
import { useActionState, useEffect, useRef, type ReactElement, type ReactNode } from "react";
import { Navigate, useSearchParams } from "react-router";
import { comeBackTo } from "../../../recipes/comeBack.js";
import { isOutage, problemOf, sentenceFor } from "../park.js";
import { BusyButton } from "./BusyButton.js";
import { Heading } from "./Heading.js";
import { Opening } from "./Opening.js";
import { SignedOutNotice } from "./SignedOutNotice.js";
import { takeFocus } from "./takeFocus.js";
import { Wheel } from "./Wheel.js";

export interface Field {
  name: string;
  label: string;
  type: "text" | "email" | "password";
  autoComplete: string;
  hint?: string;
}

interface Failure {
  error: unknown;
  /** What was filled in. */
  values: Record<string, string>;
}

interface Props {
  title: string;
  action: string;
  fields: readonly Field[];
  onSubmit: (values: Record<string, string>) => Promise<unknown>;
  children: ReactNode;
}

/** The form of both doors, sign in and sign up. Leads back to where the person wanted to go. */
export function SignInForm({ title, action, fields, onSubmit, children }: Props): ReactElement {
  const { status } = useAuth();
  const next = useSearchParams()[0].get("next");
  const form = useRef<HTMLFormElement>(null);
  const [failure, submit, isSending] = useActionState(attempt, undefined);

  useEffect(() => {
    if (failure) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [failure]);

  if (status === "loading") return <Opening />;
  if (status === "authenticated") return <Navigate to={comeBackTo(next)} replace />;

  async function attempt(_: Failure | undefined, filledIn: FormData): Promise<Failure | undefined> {
    const values = Object.fromEntries([...filledIn].filter(isText));
    try {
      await onSubmit(values);
      return undefined;
    } catch (error) {
      return { error, values };
    }
  }

  const faults = problemOf(failure?.error)?.fields ?? {};
  return (
    <main className="door" ref={takeFocus} tabIndex={-1}>
      <div className="door-sign">
        <Wheel />
        <p className="brand">Lantern Park</p>
      </div>
      <form ref={form} className="card" noValidate aria-labelledby="title" action={submit}>
        <Heading id="title">{title}</Heading>
        <SignedOutNotice />
        <div role="alert">
          {failure && !isSending && <p className="fault">{sentence(failure.error)}</p>}
        </div>
        {fields.map(({ name, label, hint, ...input }) => (
          <div key={name} className="field">
            <label htmlFor={name}>{label}</label>
            <input
              id={name}
              name={name}
              {...input}
              required
              // React empties the form after its action. A password must not stand in the markup.
              defaultValue={input.type === "password" ? undefined : failure?.values[name]}
              aria-invalid={name in faults}
              aria-describedby={`${name}-hint`}
            />
            <p id={`${name}-hint`} className={name in faults ? "fault" : "hint"}>
              {faults[name] ?? hint}
            </p>
          </div>
        ))}
        <BusyButton type="submit" isBusy={isSending}>
          {isSending ? "One moment …" : action}
        </BusyButton>
        {children}
      </form>
    </main>
  );
}

function isText(entry: [string, FormDataEntryValue]): entry is [string, string] {
  return typeof entry[1] === "string";
}

function sentence(error: unknown): string {
  if (error instanceof AuthError && error.code === "session_ended")
    return "You signed out meanwhile.";
  // Nobody tries again but the person.
  if (isOutage(error)) return "We cannot reach the park right now. Please try again in a moment.";
  return sentenceFor(error);
}

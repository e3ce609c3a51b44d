import { AuthError, useAuth } from "react-authed-query";
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from "react";
import { Navigate, useSearchParams } from "react-router";
import { comeBackTo } from "../../../recipes/comeBack.js";
import { problemOf, sentenceFor } from "../park.js";
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
  const [error, setError] = useState<unknown>();
  const [isSending, setIsSending] = useState(false);

  useEffect(() => {
    if (error === undefined) return;
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [error]);

  if (status === "loading") return <Opening />;
  if (status === "authenticated") return <Navigate to={comeBackTo(next)} replace />;

  async function submit(values: FormData): Promise<void> {
    setIsSending(true);
    setError(undefined);
    try {
      await onSubmit(Object.fromEntries([...values].filter(isText)));
    } catch (failure) {
      setError(failure);
    } finally {
      setIsSending(false);
    }
  }

  const faults = problemOf(error)?.fields ?? {};
  return (
    <main className="door" ref={takeFocus} tabIndex={-1}>
      <div className="door-sign">
        <Wheel />
        <p className="brand">Lantern Park</p>
      </div>
      <form
        ref={form}
        className="card"
        noValidate
        aria-labelledby="title"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <Heading id="title">{title}</Heading>
        <SignedOutNotice />
        <div role="alert">{error !== undefined && <p className="fault">{sentence(error)}</p>}</div>
        {fields.map(({ name, label, hint, ...input }) => (
          <div key={name} className="field">
            <label htmlFor={name}>{label}</label>
            <input
              id={name}
              name={name}
              {...input}
              required
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
  return sentenceFor(error);
}

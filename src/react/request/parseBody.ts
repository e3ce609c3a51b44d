import { fieldsOf } from "../../core/vocabulary/values.js";
import { FinalError } from "../recovery/retryUnlessFinal.js";

/** A schema of zod, valibot, arktype, …: the part of https://standardschema.dev that is used here. */
export interface StandardSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
  };
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly object[] };

/**
 * Checks the body that a `request` brings, and types the data: a schema, or a function that returns
 * the data or throws.
 */
export type Parse<TData> = StandardSchema<TData> | ((body: unknown) => TData | Promise<TData>);

/**
 * Checks a response body, if it is to be checked.
 *
 * @param key - names the query or mutation in the error.
 * @throws FinalError which never says what the body holds: messages and causes of schemas quote it,
 * and errors end in logs. In development it says where the body is wrong, in production it is a code.
 */
export async function parseBody(
  parse: Parse<unknown> | undefined,
  body: unknown,
  key: unknown,
): Promise<unknown> {
  if (!parse) return body;
  let failure: unknown;
  try {
    // A schema may be a function too.
    if (!("~standard" in parse)) return await parse(body);
    const result = await parse["~standard"].validate(body);
    if (!result.issues) return result.value;
    failure = result;
  } catch (error) {
    failure = error;
  }
  throw new FinalError(
    process.env.NODE_ENV === "production"
      ? `parse_failed ${nameOf(key)}`
      : `The response body of ${nameOf(key)} fails \`parse\`${placesIn(failure)}.`,
  );
}

/** A query or mutation in a message, by its key. */
export function nameOf(key: unknown): string {
  return key ? JSON.stringify(key) : "a mutation";
}

/** The places of the first few issues that a schema found: ` at items.0.price, total`. */
function placesIn(failure: unknown): string {
  const issues: Issue[] = [fieldsOf(failure)["issues"] ?? []].flat();
  const places = issues.slice(0, 3).map(({ path }) => path?.map(nameIn).join("."));
  return places[0] ? ` at ${places.join(", ")}` : "";
}

function nameIn(step: Step): string {
  return String(typeof step === "object" ? step.key : step);
}

type Step = PropertyKey | { key: PropertyKey };

interface Issue {
  path?: readonly Step[];
}

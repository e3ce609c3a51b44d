/**
 * Types the user everywhere, by augmentation:
 *
 * ```ts
 * declare module "react-authed-query" {
 *   interface Register { user: { id: string; name: string } }
 * }
 * ```
 */
export interface Register {}

/** The signed-in user's type: what `Register` says, else any object. */
export type User = Register extends { user: infer Registered }
  ? Registered
  : Readonly<Record<string, unknown>>;

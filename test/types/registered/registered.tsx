import {
  createAuth,
  RequireAuth,
  useAuth,
  type AuthState,
  type Identify,
  type User,
} from "react-authed-query";

declare module "react-authed-query" {
  interface Register {
    user: { id: string; roles: string[] };
  }
}

/** Compiles only if `Register` types the user everywhere. */
const auth = createAuth({
  identify: (user) => user?.id,
  readSession: () => ({ accessToken: "", user: { id: "1", roles: [] } }),
});

export const roles: (state: AuthState) => string[] | undefined = ({ user }) => user?.roles;
export const identify: Identify = (user) => user?.id;
export const user: User = { id: "1", roles: ["admin"] };

auth.setUser({ id: "1", roles: [] });
// @ts-expect-error another user's type
auth.setUser({ name: "Ada" });
// @ts-expect-error no such field
export const name: unknown = auth.getState().user?.name;

export function Roles(): string | undefined {
  const { user: me, expiredUser } = useAuth();
  return (me ?? expiredUser)?.roles.join();
}

export const admin = (
  <RequireAuth pending="" fallback="" check={({ roles: held }) => held.includes("admin")} />
);

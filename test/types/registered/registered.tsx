import {
  createAuth,
  RequireAuth,
  useAuth,
  type AuthState,
  type Identify,
  type User,
} from "react-authed-query";

const ada: User = { id: "1", name: "Ada", email: "ada@example.com", roles: ["admin"] };

/** Compiles only if `Register` types the user everywhere. */
const auth = createAuth({
  identify: (user) => user?.id,
  readSession: () => ({ accessToken: "", user: ada }),
});

export const roles: (state: AuthState) => string[] | undefined = ({ user }) => user?.roles;
export const identify: Identify = (user) => user?.id;

auth.setUser({ ...ada, roles: [] });
// @ts-expect-error another user's type
auth.setUser({ name: "Ada" });
// @ts-expect-error no such field
export const nick: unknown = auth.getState().user?.nick;

export function Roles(): string | undefined {
  const { user: me, expiredUser } = useAuth();
  return (me ?? expiredUser)?.roles.join();
}

export const admin = (
  <RequireAuth pending="" fallback="" check={({ roles: held }) => held.includes("admin")} />
);

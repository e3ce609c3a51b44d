import { useAuth, type User } from "react-authed-query";

/** Who is signed in; below the dialog of an expired session, who was. */
export function usePerson(): User | null {
  const { user, expiredUser } = useAuth();
  return user ?? expiredUser;
}

export function isAdmin(person: User | null): boolean {
  return person?.role === "admin";
}

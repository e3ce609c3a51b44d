import "react-authed-query";

declare module "react-authed-query" {
  interface Register {
    user: { id: string; name: string; email: string; roles: string[] };
  }
}

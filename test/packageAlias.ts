import { fileURLToPath } from "node:url";

const pathOf = (file: string) => fileURLToPath(new URL(`../src/${file}`, import.meta.url));

/** The entries of the package by the names its users write. The longer come first: a prefix would do. */
export const packageAlias = {
  "react-authed-query/devtools/production": pathOf("devtools/production.ts"),
  "react-authed-query/devtools": pathOf("devtools/index.ts"),
  "react-authed-query/testing": pathOf("testing/index.ts"),
  "react-authed-query": pathOf("index.ts"),
};

/** Made `orval/orders.ts`, by `npm run orval`: orval itself is 100 MB, and its output is the same each time. */
export default {
  orders: {
    input: "openapi.json",
    output: {
      target: "orval/orders.ts",
      client: "react-query",
      httpClient: "axios",
      override: {
        mutator: { path: "clients/orval.ts", name: "request" },
        query: { version: 5 },
      },
    },
  },
};

import { GraphQLClient } from "graphql-request";
import { auth, baseURL } from "./auth";

export const client = new GraphQLClient(`${baseURL}/graphql`, { fetch: auth.fetch });

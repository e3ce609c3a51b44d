import { buildSchema, graphql, GraphQLError, type ExecutionResult } from "graphql";
import { addOrder, orderOf } from "./orders";

const schema = buildSchema(`
  type Order { id: ID!, item: String! }
  type Query { order(id: ID!): Order! }
  type Mutation { addOrder(item: String!): Order! }
`);

/** What a GraphQL client sends. */
export interface GraphQLRequest {
  query: string;
  variables: Record<string, unknown>;
}

/** Answers a GraphQL request, which has a good token or not. */
export function execute(
  { query, variables }: GraphQLRequest,
  isSignedIn: boolean,
): Promise<ExecutionResult> {
  const check = () => {
    if (isSignedIn) return;
    throw new GraphQLError("expired", { extensions: { code: "UNAUTHENTICATED" } });
  };
  const rootValue = {
    order({ id }: { id: string }) {
      check();
      return orderOf(id);
    },
    addOrder({ item }: { item: string }) {
      check();
      return addOrder(item);
    },
  };
  return graphql({ schema, source: query, rootValue, variableValues: variables });
}

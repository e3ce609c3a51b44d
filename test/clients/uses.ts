import { gql } from "@apollo/client";
import { QueryClient } from "@tanstack/react-query";
import type { ClientUse } from "../support/clientUse";
import type { Order } from "./server/orders";

interface Data {
  order: Order;
  addOrder: Order;
}

const orderQuery = "query Order($id: ID!) { order(id: $id) { id item } }";
const addOrderMutation = "mutation AddOrder($item: String!) { addOrder(item: $item) { id item } }";

/** How each client is used, by the name that the page gives it. */
export const uses: Record<string, () => Promise<ClientUse>> = {
  async axios() {
    const { api } = await import("./clients/axios");
    return {
      order: async (id) => (await api.get<Order>(`/orders/${id}`)).data,
      addOrder: async (item) => (await api.post<Order>("/orders", { item })).data,
    };
  },

  async "openapi-fetch"() {
    const { api } = await import("./clients/openapiFetch");
    return {
      order: async (id) => dataOf(await api.GET("/orders/{id}", { params: { path: { id } } })),
      addOrder: async (item) => dataOf(await api.POST("/orders", { body: { item } })),
    };
  },

  async "openapi-react-query"() {
    const { $api } = await import("./clients/openapiReactQuery");
    const client = new QueryClient();
    const asked = (id: string) =>
      $api.queryOptions("get", "/orders/{id}", { params: { path: { id } } });
    const added = (item: string) => $api.queryOptions("post", "/orders", { body: { item } });
    return {
      order: (id) => client.fetchQuery(asked(id)),
      addOrder: (item) => client.fetchQuery(added(item)),
    };
  },

  async "hey-api"() {
    await import("./clients/heyApi");
    const { addOrder, getOrder } = await import("./clients/generated/heyApi");
    return {
      order: async (id) => dataOf(await getOrder({ path: { id } })),
      addOrder: async (item) => dataOf(await addOrder({ body: { item } })),
    };
  },

  async orval() {
    const { addOrder, getOrder } = await import("./orval/orders");
    return { order: (id) => getOrder(id), addOrder: (item) => addOrder({ item }) };
  },

  async "graphql-request"() {
    const { client } = await import("./clients/graphqlRequest");
    return {
      order: async (id) => (await client.request<Data>(orderQuery, { id })).order,
      addOrder: async (item) => (await client.request<Data>(addOrderMutation, { item })).addOrder,
    };
  },

  async urql() {
    const urql = await import("./clients/urql");
    return {
      order: async (id) => dataOf(await urql.client.query<Data>(orderQuery, { id })).order,
      async addOrder(item) {
        return dataOf(await urql.client.mutation<Data>(addOrderMutation, { item })).addOrder;
      },
    };
  },

  async "Apollo Client"() {
    const { client } = await import("./clients/apollo");
    return {
      async order(id) {
        const query = gql(orderQuery);
        return dataOf(await client.query<Data>({ query, variables: { id } })).order;
      },
      async addOrder(item) {
        const mutation = gql(addOrderMutation);
        return dataOf(await client.mutate<Data>({ mutation, variables: { item } })).addOrder;
      },
    };
  },

  async "RTK Query"() {
    const { api, store } = await import("./clients/rtkQuery");
    const { endpoints } = api.injectEndpoints({
      endpoints: (build) => ({
        order: build.query<Order, string>({ query: (id) => `orders/${id}` }),
        addOrder: build.mutation<Order, string>({
          query: (item) => ({ url: "orders", method: "POST", body: { item } }),
        }),
      }),
    });
    return {
      order: (id) => store.dispatch(endpoints.order.initiate(id)).unwrap(),
      addOrder: (item) => store.dispatch(endpoints.addOrder.initiate(item)).unwrap(),
    };
  },

  async tRPC() {
    const { trpc } = await import("./clients/trpc");
    return {
      order: (id) => trpc.order.query(id),
      addOrder: (item) => trpc.addOrder.mutate(item),
    };
  },

  /** An order, asked for in one batch with what needs no token. */
  async "tRPC, mixed"() {
    const { trpc } = await import("./clients/trpc");
    return {
      async order(id) {
        const [, order] = await Promise.all([trpc.prices.query(), trpc.order.query(id)]);
        return order;
      },
      addOrder: (item) => trpc.addOrder.mutate(item),
    };
  },

  async ky() {
    const { api } = await import("./clients/ky");
    return {
      order: (id) => api.get(`orders/${id}`).json(),
      addOrder: (item) => api.post("orders", { json: { item } }).json(),
    };
  },

  async ofetch() {
    const { api } = await import("./clients/ofetch");
    return {
      order: (id) => api(`/orders/${id}`),
      addOrder: (item) => api("/orders", { method: "POST", body: { item } }),
    };
  },
};

/** Clients that resolve with their errors: throws what they resolved with. */
function dataOf<Data>(result: { data?: Data | undefined; error?: unknown }): NonNullable<Data> {
  if (result.error || result.data === undefined || result.data === null) throw result;
  return result.data;
}

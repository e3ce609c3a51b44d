import createClient from "openapi-react-query";
import { useAuthedQuery } from "react-authed-query";
import { api } from "./openapiFetch";

export const $api = createClient(api);

export const useOrder = (id: string) =>
  useAuthedQuery($api.queryOptions("get", "/orders/{id}", { params: { path: { id } } }));

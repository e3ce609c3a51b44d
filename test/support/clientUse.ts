/** An HTTP client as the contract test uses it: rejects with what the client tells of a failure. */
export interface ClientUse {
  order(id: string): Promise<unknown>;
  addOrder(item: string): Promise<unknown>;
}

export interface Order {
  id: string;
  item: string;
}

export const orderOf = (id: string): Order => ({ id, item: `item ${id}` });
export const addOrder = (item: string): Order => ({ id: "5", item });

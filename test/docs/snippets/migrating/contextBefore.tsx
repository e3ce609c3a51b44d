import { createContext, useContext, useEffect, useState, type ReactNode } from "react";

interface Context {
  token: string | null;
  login(email: string, password: string): Promise<void>;
  logout(): void;
}

const AuthContext = createContext<Context | null>(null);

export function AuthProvider({ children }: { children: ReactNode }) {
  const [token, setToken] = useState(() => localStorage.getItem("token"));

  async function login(email: string, password: string) {
    const body = JSON.stringify({ email, password });
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/api/auth/login", { method: "POST", headers, body });
    const { accessToken } = (await answer.json()) as { accessToken: string };
    localStorage.setItem("token", accessToken);
    setToken(accessToken);
  }

  function logout() {
    localStorage.removeItem("token");
    setToken(null);
  }

  return <AuthContext.Provider value={{ token, login, logout }}>{children}</AuthContext.Provider>;
}

export function Orders() {
  const auth = useContext(AuthContext);
  const [orders, setOrders] = useState<string[]>([]);
  useEffect(() => {
    void fetch("/api/orders", { headers: { authorization: `Bearer ${auth?.token}` } })
      .then((answer) => answer.json() as Promise<string[]>)
      .then(setOrders);
  }, [auth?.token]);
  return <p>{orders.join(", ")}</p>;
}

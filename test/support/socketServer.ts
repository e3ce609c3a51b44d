import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";

/** One connection, and the token that it told. */
export interface Connection {
  /** What the server's log shows of it. */
  url: string;
  token: string;
  /** What the client has sent. */
  readonly heard: readonly unknown[];
  /** Closes with this code; without one the line breaks. */
  close(code?: number): void;
  send(text: string): void;
  isOpen(): boolean;
}

/** A WebSocket server on loopback, whose clients tell their token as the second subprotocol. */
export interface SocketServer {
  readonly url: string;
  /** All so far, oldest first. */
  readonly connections: readonly Connection[];
  /** Meets each connection from now on. */
  onConnection: (connection: Connection) => void;
}

/** Starts one for the test that runs. */
export async function startSocketServer(): Promise<SocketServer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const connections: Connection[] = [];
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  const made: SocketServer = {
    url: `ws://127.0.0.1:${port}/live`,
    connections,
    onConnection: () => {},
  };
  server.on("connection", (socket: WebSocket, { url = "", headers }) => {
    const [, token = ""] = headers["sec-websocket-protocol"]?.split(/, */) ?? [];
    const heard: unknown[] = [];
    socket.on("message", (data: Buffer) => heard.push(JSON.parse(data.toString())));
    const connection: Connection = {
      url,
      token,
      heard,
      close: (code) => (code === undefined ? socket.terminate() : socket.close(code)),
      send: (text) => socket.send(text),
      isOpen: () => socket.readyState === socket.OPEN,
    };
    connections.push(connection);
    made.onConnection(connection);
  });
  return made;
}

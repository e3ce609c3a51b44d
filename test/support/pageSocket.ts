import { WebSocket as Line } from "ws";

/** A page's `WebSocket`, for Node 20 has none, and jsdom's cannot dispatch its events under Vitest. */
export class PageSocket extends EventTarget {
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  readonly #line: Line;

  constructor(url: string, protocols: string[]) {
    super();
    this.#line = new Line(url, protocols)
      .on("open", () => this.dispatchEvent(new Event("open")))
      .on("message", (data: Buffer) => {
        // A page hears nothing any more from a socket that it is closing.
        if (this.readyState !== PageSocket.OPEN) return;
        this.dispatchEvent(new MessageEvent("message", { data: data.toString() }));
      })
      .on("error", () => this.dispatchEvent(new Event("error")))
      .on("close", (code) => this.dispatchEvent(new CloseEvent("close", { code })));
  }

  get readyState(): number {
    return this.#line.readyState;
  }

  send(text: string): void {
    this.#line.send(text);
  }

  close(): void {
    this.#line.close();
  }
}

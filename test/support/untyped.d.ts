// Packages without types of their own: what tests take from them.

declare module "jsdom" {
  export class JSDOM {
    constructor(html: string, options: { url: string });
    readonly window: { XMLHttpRequest: typeof XMLHttpRequest; close(): void };
  }
}

declare module "whatwg-fetch" {
  export const { fetch, Headers, Request, Response }: typeof globalThis;
}

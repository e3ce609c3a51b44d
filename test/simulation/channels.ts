import type { Channel } from "../../src/core/platform/platform.js";
import type { Page } from "./page.js";

/** The BroadcastChannels of one origin: never to the sender, structured-cloned, in the sender's order. */
export interface SimulatedChannels {
  open(page: Page, name: string, onMessage: (message: unknown) => void): Channel;
  /** What was posted so far, oldest first, for tests that post it again. */
  readonly posted: readonly { name: string; message: unknown }[];
  /** Posts by no page: what a stranger of the same origin may do. */
  inject(name: string, message: unknown): void;
}

export interface ChannelsWorld {
  now(): number;
  after(delayMs: number, task: () => void): void;
  /** How long a message takes; `undefined` if it is lost. */
  delayMs(from: Page | undefined, to: Page): number | undefined;
  /** Called when a message is posted; what it returns is called on delivery. */
  onPost(from: Page, message: unknown): (to: Page) => void;
}

interface Member {
  page: Page;
  name: string;
  onMessage: (message: unknown) => void;
  /** When the latest message of each sender arrives: the next one is not faster. */
  readonly lastArrival: Map<Page | undefined, number>;
}

export function createSimulatedChannels(world: ChannelsWorld): SimulatedChannels {
  const members = new Set<Member>();
  const posted: { name: string; message: unknown }[] = [];

  function send(from: Member | undefined, name: string, message: unknown): void {
    const onDelivery = from && world.onPost(from.page, message);
    // One copy for all: the core reads a message and keeps nothing of it.
    const copy: unknown = structuredClone(message);
    posted.push({ name, message: copy });
    for (const to of members) {
      if (to === from || to.name !== name) continue;
      const delayMs = world.delayMs(from?.page, to.page);
      // HTML: a document that is not fully active, one in the back/forward cache say, gets none.
      if (delayMs === undefined || to.page.life() === "cached") {
        to.page.missesNews();
        continue;
      }
      const at = Math.max(world.now() + delayMs, to.lastArrival.get(from?.page) ?? 0);
      to.lastArrival.set(from?.page, at);
      world.after(at - world.now(), () =>
        to.page.deliver(() => {
          if (!members.has(to)) return;
          onDelivery?.(to.page);
          to.onMessage(copy);
        }),
      );
    }
  }

  return {
    posted,
    inject: (name, message) => send(undefined, name, message),
    open(page, name, onMessage) {
      const member: Member = { page, name, onMessage, lastArrival: new Map() };
      members.add(member);
      return {
        post: (message) => send(member, name, message),
        close: () => members.delete(member),
      };
    },
  };
}

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SendCommand } from "../sessionStores/redisStore.js";

/** A Redis server of one's own, which keeps nothing. */
export interface TemporaryRedis {
  send: SendCommand;
  stop(): Promise<void>;
}

/** @returns `undefined` where there is no `redis-server` on the PATH. */
export async function startTemporaryRedis(): Promise<TemporaryRedis | undefined> {
  if (spawnSync("redis-server", ["--version"]).error) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "park-redis-"));
  const path = join(folder, "socket");
  const server = spawn("redis-server", ["--port", "0", "--unixsocket", path, "--save", ""], {
    cwd: folder,
    stdio: "ignore",
  });
  const socket = await connected(path);
  return {
    send: commandsOver(socket),
    async stop() {
      socket.destroy();
      server.kill();
      await once(server, "exit");
      rmSync(folder, { recursive: true });
    },
  };
}

async function connected(path: string): Promise<Socket> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return socket;
  } catch {
    // It does not listen yet.
    await sleep(20);
    return connected(path);
  }
}

/** Redis answers in the order in which it was asked. */
function commandsOver(socket: Socket): SendCommand {
  let received = "";
  const waiting: { resolve(reply: unknown): void; reject(error: Error): void }[] = [];
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    received += chunk;
    for (let read = readReply(received); read; read = readReply(received)) {
      received = received.slice(read.length);
      const { reply } = read;
      const asked = waiting.shift();
      if (reply instanceof Error) asked?.reject(reply);
      else asked?.resolve(reply);
    }
  });
  return (command) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
      socket.write(`*${command.length}\r\n${parts.join("")}`);
    });
}

/** One reply of the protocol RESP2 at the start of the text; `undefined` if it is not all there. */
function readReply(text: string): { reply: unknown; length: number } | undefined {
  const end = text.indexOf("\r\n");
  if (end < 0) return undefined;
  const [kind, rest] = [text[0], text.slice(1, end)];
  let length = end + 2;
  if (kind === "+") return { reply: rest, length };
  if (kind === ":") return { reply: Number(rest), length };
  if (kind === "-") return { reply: new Error(rest), length };
  const size = Number(rest);
  if (size < 0) return { reply: null, length };
  if (kind === "$") {
    const isWhole = text.length >= length + size + 2;
    return isWhole
      ? { reply: text.slice(length, length + size), length: length + size + 2 }
      : undefined;
  }
  const list: unknown[] = [];
  for (let count = 0; count < size; count += 1) {
    const item = readReply(text.slice(length));
    if (!item) return undefined;
    list.push(item.reply);
    length += item.length;
  }
  return { reply: list, length };
}

import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "vite";
import type { CreateAuth } from "./tab.js";

/** Text of the source, and what stands there once a protection is taken out. */
interface Removal {
  readonly file: string;
  readonly text: string;
  readonly instead: string;
}

/** What the tabs are safe by. `protections.test.ts` says which of these the schedules miss, and how soon. */
export const protections = {
  /** Login, refresh and logout run under one lock of all tabs. */
  lock: [
    {
      file: "core/tabs/crossTabLock.ts",
      text: "if (!isTalking || signal.aborted) return begin();",
      instead: "return begin();",
    },
  ],
  /** An answer counts only if its session is still the present one. */
  sessionScope: [
    {
      file: "core/refresh/refresh.ts",
      text: "const isApplied = scope === attempt.scope && !isAnswerMoot && !hasRecordChanged;",
      instead: "const isApplied = true;",
    },
    {
      file: "core/refresh/refresh.ts",
      text: "if (!isApplied || session.scope() !== scope)",
      instead: "if (!isApplied)",
    },
  ],
  /** Login and logout wait for the refresh on the wire. */
  order: ["login/login.ts", "login/logout.ts"].map((file) => ({
    file: `core/${file}`,
    text: "withLock(",
    instead: "(async (look, work) => (await look()) ?? work({ isStillNeeded: async () => true }))(",
  })),
  /** Nobody waits for the lock for ever. */
  patience: [
    {
      file: "core/tabs/crossTabLock.ts",
      text: "wait(patienceMs / 2);",
      instead: "",
    },
  ],
  /** A page that was put away gets the lock again before it sends. */
  regained: [
    {
      file: "core/tabs/crossTabLock.ts",
      text: "if (!lock.isLost) return release;",
      instead: "return release;",
    },
    {
      file: "core/tabs/crossTabLock.ts",
      text: "news === undefined && lock.isLost",
      instead: "false",
    },
    {
      file: "core/refresh/refresh.ts",
      text: "if (lock.isLost) return undefined;",
      instead: "",
    },
  ],
  /** The time in which a page was frozen is no part of its patience. */
  sleep: [
    {
      file: "core/tabs/crossTabLock.ts",
      text: "if (platform.monotonicNow() < lateAt) begin();",
      instead: "if (true) begin();",
    },
  ],
  /** A token of another tab counts only if it is younger than the present one. */
  youngerToken: [
    {
      file: "core/tabs/createTabs.ts",
      text: "if (present && present.sentAt.wall >= wall) return;",
      instead: "",
    },
  ],
  /** A message of another version of the library means nothing. */
  version: [
    {
      file: "core/tabs/tabChannel.ts",
      text: 'fields["version"] !== version || ',
      instead: "",
    },
  ],
  /** The cookie of a login that a logout has overtaken is given back. */
  overtakenLogin: [
    {
      file: "core/login/logout.ts",
      text: 'if (tabs.catchUp().record?.status === "signed-in") return;',
      instead: "return;",
    },
  ],
  /** What the storage lost is written again, also where of two records that came at once the older was left. */
  youngerRecord: [
    {
      file: "core/tabs/createTabs.ts",
      text: "if (record !== theirs) storeRecord();",
      instead: "",
    },
  ],
} as const satisfies Record<string, readonly Removal[]>;

export type Protection = keyof typeof protections;

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The library with a protection taken out of its source as it is loaded.
 *
 * @throws Error if the source no longer holds the text: then this proof has to follow it.
 */
export async function createAuthWithout(protection: Protection): Promise<CreateAuth> {
  const fileName = `without-${protection}.mjs`;
  await build({
    root,
    configFile: false,
    logLevel: "silent",
    plugins: [removing(protections[protection])],
    build: {
      outDir: "test-results/simulation",
      emptyOutDir: false,
      minify: false,
      lib: { entry: "src/createAuth.ts", formats: ["es"], fileName: () => fileName },
      // The same axios as the simulation's: its errors are recognised by their class.
      rolldownOptions: { external: ["axios"] },
    },
  });
  const url = pathToFileURL(`${root}test-results/simulation/${fileName}`);
  const { createAuth } = (await import(/* @vite-ignore */ url.href)) as { createAuth: CreateAuth };
  return createAuth;
}

function removing(removals: readonly Removal[]): Plugin {
  const left = new Set(removals);
  return {
    name: "remove-protection",
    enforce: "pre",
    transform(code, id) {
      let changed = code;
      for (const removal of removals) {
        if (!id.endsWith(`/src/${removal.file}`) || !changed.includes(removal.text)) continue;
        changed = changed.replace(removal.text, removal.instead);
        left.delete(removal);
      }
      return changed === code ? undefined : changed;
    },
    buildEnd() {
      for (const { file, text } of left) throw new Error(`src/${file} no longer holds "${text}".`);
    },
  };
}

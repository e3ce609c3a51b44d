import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { createServer } from "vite";

/** Vite as an app's developer runs it, on a folder of its own. */
export interface DevServer {
  readonly url: string;
  /** Writes files, by their paths. */
  write(files: Record<string, string>): Promise<void>;
  /** Edits a file and saves it. */
  edit(path: string, change: (text: string) => string): Promise<void>;
  close(): Promise<void>;
}

/** @param backendURL - what `/api` is passed on to. */
export async function startDevServer(backendURL: string): Promise<DevServer> {
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  const root = await realpath(await mkdtemp(join(tmpdir(), "dev-server-")));
  await symlink(join(repository, "node_modules"), join(root, "node_modules"));
  const server = await createServer({
    configFile: false,
    root,
    cacheDir: join(root, ".vite"),
    appType: "mpa",
    logLevel: "error",
    plugins: [react()],
    resolve: { alias: { "react-authed-query": join(repository, "src/index.ts") } },
    // Found later, each would reload the page.
    optimizeDeps: {
      include: [
        "react",
        "react/jsx-dev-runtime",
        "react-dom/client",
        "@tanstack/react-query",
        "axios",
      ],
    },
    server: {
      host: "127.0.0.1",
      // It is told of each edit: on a busy machine a watcher of files may miss one.
      watch: null,
      port: 0,
      fs: { allow: [root, repository] },
      proxy: { "/api": { target: backendURL, rewrite: (path) => path.slice("/api".length) } },
    },
  });
  await server.listen();
  const [url = ""] = server.resolvedUrls?.local ?? [];
  return {
    url,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
    },
    async edit(path, change) {
      const file = join(root, path);
      await writeFile(file, change(await readFile(file, "utf8")));
      server.watcher.emit("change", file);
    },
    async close() {
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

import { fileURLToPath } from "node:url";
import { build } from "vite";
import { expect, test } from "vitest";
import { packageAlias } from "../packageAlias.js";

/** Words of the panel that no minifier changes. */
const ofThePanel = ["authed-devtools", "Copy as JSON", "cannot know of a revocation"];

/** An app that uses the devtools as their documents say, built for production. */
async function appWith(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    root: fileURLToPath(new URL("../..", import.meta.url)),
    mode: "production",
    resolve: { alias: packageAlias },
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "the app",
        resolveId: (id) => (id === "app.jsx" ? `\0${id}` : undefined),
        load: (id) =>
          id === "\0app.jsx"
            ? `import { createElement } from "react";
              import { createRoot } from "react-dom/client";
              import { AuthProvider, createAuth } from "react-authed-query";
              import { AuthDevtools, AuthDevtoolsPanel, authDevtoolsPlugin } from "${entry}";
              const auth = createAuth();
              createRoot(document.body).render(
                createElement(AuthProvider, { auth },
                  createElement(AuthDevtools), createElement(AuthDevtoolsPanel),
                  authDevtoolsPlugin(auth).render));`
            : undefined,
      },
    ],
    // Vite would take its word from this process, where NODE_ENV is "test".
    oxc: { jsx: { runtime: "automatic", development: false } },
    build: { write: false, rolldownOptions: { input: "app.jsx" } },
  });
  const [output] = [built].flat();
  if (!output || !("output" in output)) throw new Error("Vite built nothing.");
  return output.output.map((each) => ("code" in each ? each.code : "")).join("\n");
}

test("a production build of an app with the devtools holds nothing of them", async () => {
  const code = await appWith("react-authed-query/devtools");
  expect(code.includes("react-authed-query")).toBe(true);
  expect(ofThePanel.filter((words) => code.includes(words))).toEqual([]);
});

test("unless they are imported for production", async () => {
  const code = await appWith("react-authed-query/devtools/production");
  expect(ofThePanel.filter((words) => code.includes(words))).toEqual(ofThePanel);
});

import { spawnSync } from "node:child_process";
import { findChromium, findFirefox, findWebKit } from "./find-browsers.mjs";
import { folderOf, isInstalled } from "./find-fixture.mjs";
import { findPostgres } from "./find-postgres.mjs";

const isLinux = process.platform === "linux" && process.arch === "x64";

/** What tests need beyond `npm ci`: Debian's packages that bring it, or the folder that has it in a lock file. */
const needs = [
  {
    name: "Chromium",
    isThere: findChromium,
    packages: ["chromium"],
    remedy: "install Chromium or Chrome, or set CHROMIUM_PATH to the executable",
    isForQuick: true,
  },
  {
    name: "Firefox",
    isThere: findFirefox,
    packages: ["firefox-esr"],
    remedy: "install Firefox, or set FIREFOX_PATH to the executable",
  },
  {
    name: "WebKit",
    isThere: findWebKit,
    packages: ["webkit2gtk-driver", "xvfb"],
    remedy: "install WebKitGTK's WebDriver and Xvfb, or set WEBKIT_DRIVER_PATH to the executable",
  },
  {
    name: "PostgreSQL",
    isThere: findPostgres,
    packages: ["postgresql"],
    remedy: "install PostgreSQL's server; its programs have to be on the PATH",
  },
  {
    name: "Redis",
    isThere: () => !spawnSync("redis-server", ["--version"]).error,
    packages: ["redis-server"],
    remedy: "install Redis' server; it has to be on the PATH",
  },
  ...[
    ["oldestPeers", "the oldest peers"],
    ["nextjs", "Next.js"],
    ["package", "Jest and webpack"],
    // npm has Node's binaries one by one for each platform.
    ...(isLinux ? [["nodes", "Node 20, 22 and 24"]] : []),
    ["clients", "the HTTP clients of docs/clients.md"],
    ["docs", "VitePress"],
  ].map(([fixture, name]) => ({
    name,
    isThere: () => isInstalled(fixture),
    fixture,
    remedy: `with a package registry in reach, run \`npm ci --prefix ${folderOf(fixture)}\``,
  })),
];

/** What is not on this machine. */
export function findMissing(isAll) {
  return needs.filter((need) => (isAll || need.isForQuick) && !need.isThere());
}

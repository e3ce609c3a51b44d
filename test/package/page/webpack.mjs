// Builds the page as an app with webpack does: node webpack.mjs production
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import webpack from "webpack";

const [mode] = process.argv.slice(2);
const context = import.meta.dirname;
const output = { path: join(context, "dist"), filename: "main.js" };
// The page has the whole library, so it is larger than webpack finds good.
const options = { mode, context, entry: "./main.js", output, performance: false };

webpack(options, (fault, stats) => {
  if (fault || stats.hasErrors() || stats.hasWarnings()) {
    console.error(fault ?? stats.toString());
    process.exitCode = 1;
    return;
  }
  copyFileSync("index.html", join(output.path, "index.html"));
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { environment, readConfig } from "../config.js";

const read = (variables: Record<string, string>) =>
  readConfig({ DATA_DIR: "memory://", ...variables });
const keys = {
  ACCESS_TOKEN_KEY: "a key for access tokens that is long enough",
  REFRESH_TOKEN_KEY: "a key for refresh tokens that is long enough",
};

describe("the environment", () => {
  test("needs nothing in development", () => {
    expect(read({})).toMatchObject({
      port: 5180,
      host: "127.0.0.1",
      isProduction: false,
      accessTokenSeconds: 30,
      refreshGraceSeconds: 10,
    });
  });

  test("is described in the README, each variable", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const firstCells = readme.split("\n").map((line) => line.split("|")[1] ?? "");
    const described = firstCells.flatMap((cell) => cell.match(/[A-Z_]+(?=`)/g) ?? []);
    expect(described.toSorted()).toEqual(Object.keys(environment.shape).toSorted());
  });

  test("moves the clock", () => {
    const aheadMs = read({ CLOCK_OFFSET_SECONDS: "-3600" }).now() - Date.now();
    expect(Math.round(aheadMs / 1000)).toBe(-3600);
  });

  test("counts an empty variable as one that is not there", () => {
    expect(read({ PORT: "", DATABASE_URL: "" })).toMatchObject({
      port: 5180,
      databaseURL: undefined,
    });
  });

  test("lets access tokens live for minutes, and half a minute only where one wants to watch", () => {
    expect(read({}).accessTokenSeconds).toBe(30);
    expect(read({ DEMO: "off" }).accessTokenSeconds).toBe(300);
    expect(read({ NODE_ENV: "production", ...keys }).accessTokenSeconds).toBe(300);
  });

  test("takes several keys, each with a name that tells nothing", () => {
    const older = "another key that is older and goes soon";
    const { accessTokenKeys } = read({
      ...keys,
      ACCESS_TOKEN_KEY: `${keys.ACCESS_TOKEN_KEY},${older}`,
    });
    expect(accessTokenKeys.map(({ secret }) => secret)).toEqual([keys.ACCESS_TOKEN_KEY, older]);
    expect(new Set(accessTokenKeys.map(({ kid }) => kid)).size).toBe(2);
    expect(older).not.toContain(accessTokenKeys[1]?.kid);
  });

  test("never gives both kinds of token the same key", () => {
    const { accessTokenKeys, refreshTokenKeys } = read({});
    expect(accessTokenKeys[0]?.secret).not.toBe(refreshTokenKeys[0]?.secret);
  });

  test.each([
    ["on, unless in production", {}, true],
    ["off in production", { NODE_ENV: "production", ...keys }, false],
    ["off when it is asked for", { DEMO: "off" }, false],
  ])("the demonstration is %s", (_, variables, isDemo) => {
    expect(read(variables).isDemo).toBe(isDemo);
  });

  test.each([
    [{ PORT: "abc" }, 'PORT must be a whole number from 0 to 65535, but is "abc".'],
    [{ PORT: "65536" }, 'PORT must be a whole number from 0 to 65535, but is "65536".'],
    [{ PORT: "0x10" }, 'PORT must be a whole number from 0 to 65535, but is "0x10".'],
    [
      { ACCESS_TOKEN_SECONDS: "1.5" },
      'ACCESS_TOKEN_SECONDS must be a whole number of seconds from 1 to 86400, but is "1.5".',
    ],
    [
      { REFRESH_IDLE_SECONDS: "34560001" },
      'REFRESH_IDLE_SECONDS must be a whole number of seconds from 1 to 34560000, but is "34560001".',
    ],
    [
      { NODE_ENV: "prod" },
      'NODE_ENV must be "development", "production" or "test", but is "prod".',
    ],
    [
      { PUBLIC_ORIGIN: "https://park.example/app" },
      'PUBLIC_ORIGIN must be an origin without a path, such as https://park.example.com, but is "https://park.example/app".',
    ],
    [
      { NODE_ENV: "production", DEMO: "on", ...keys },
      "DEMO must be off in production: everybody knows the passwords of its guests.",
    ],
    [
      { ACCESS_TOKEN_KEY: " ".repeat(32) },
      "ACCESS_TOKEN_KEY must be a random secret of at least 32",
    ],
    [
      { ACCESS_TOKEN_KEY: "a".repeat(40) },
      "ACCESS_TOKEN_KEY must be a random secret of at least 32",
    ],
    [
      { ...keys, ACCESS_TOKEN_KEY: `${keys.ACCESS_TOKEN_KEY},short` },
      "ACCESS_TOKEN_KEY must be a random secret of at least 32",
    ],
    [{ DEMO: "yes" }, 'DEMO must be "on" or "off", but is "yes".'],
    [{ TRUSTED_PROXIES: "*" }, 'TRUSTED_PROXIES must be a whole number from 0 to 10, but is "*".'],
    [{ PUBLIC_ORIGIN: "data:x" }, "PUBLIC_ORIGIN must be an origin without a path"],
    [{ DATABASE_URL: "mysql://x", ...keys }, "DATABASE_URL must be a URL that begins with"],
    [{ DATABASE_URL: "postgres://x" }, "REFRESH_TOKEN_KEY must be set in production and with"],
    [{ NODE_ENV: "production" }, "ACCESS_TOKEN_KEY must be set in production and with"],
    [{ ACCESS_TOKEN_KEY: "short" }, "ACCESS_TOKEN_KEY must be a random secret of at least 32"],
    [
      { ...keys, REFRESH_TOKEN_KEY: keys.ACCESS_TOKEN_KEY },
      "REFRESH_TOKEN_KEY must be another secret than ACCESS_TOKEN_KEY.",
    ],
  ])("%o is refused with a sentence", (variables, sentence) => {
    expect(() => read(variables)).toThrow(sentence);
  });

  test("says all that is wrong at once", () => {
    expect(() => read({ PORT: "abc", NODE_ENV: "production" })).toThrow(
      /^PORT .*\nACCESS_TOKEN_KEY .*\nREFRESH_TOKEN_KEY .*$/,
    );
  });

  test.each([
    { DATABASE_URL: "mysql://ada:hunter-22@x", ...keys },
    { ACCESS_TOKEN_KEY: "hunter-22" },
  ])("a refusal does not show a secret: %#", (variables) => {
    expect(() => read(variables)).toThrow(/^(?!.*hunter-22)/s);
  });
});

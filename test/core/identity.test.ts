import { describe, expect, test } from "vitest";
import { contentOf, textOf } from "../../src/core/token/identity.js";

describe("what user and claims say in all", () => {
  test.each([
    ...[
      "iss",
      "aud",
      "azp",
      "typ",
      "type",
      "token_type",
      "scp",
      "sid",
      "nonce",
      "acr",
      "amr",
      "ver",
    ],
    ...["client_id", "clientId", "tenant_id", "tenantId", "org_id", "orgId", "TYP"],
    ...["role", "roles", "userRole", "group", "groups", "permission", "permissions", "scope"],
    ...["scopes", "authoritie", "authorities", "https://example.com/roles"],
  ])("names nobody where it is only %s", (field) => {
    expect(contentOf(null, { [field]: "x" })).toBeUndefined();
    expect(contentOf(null, { realm: { [field]: ["x", 1] } })).toBeUndefined();
  });

  test.each([
    ...["miss", "issue", "gaud", "audio", "typo", "prototype", "types", "token_typ", "inside"],
    ...["announce", "nonces", "acre", "verb", "client", "client_ids", "my_client_id", "tenant"],
    ...["org", "rolex", "roles2", "grouping", "permissive", "scoped", "authority", "name"],
  ])("can name somebody where %s is in it", (field) => {
    expect(contentOf(null, { [field]: "x" })).toBeDefined();
  });

  test.each([{ a: "x" }, { a: 0 }, { a: -1 }, { a: ["x"] }, { a: [[1]] }, { a: { b: "x" } }])(
    "is compared where it has a text or a number: %j",
    (claims) => {
      expect(contentOf(null, claims)).toBe(contentOf(null, structuredClone(claims)));
      expect(contentOf(null, claims)).toBeDefined();
    },
  );

  test.each([{ a: "" }, { a: [] }, { a: {} }, { a: true }, { a: null }, { a: [[]] }, {}])(
    "names nobody where it has none: %j",
    (claims) => {
      expect(contentOf(null, claims)).toBeUndefined();
    },
  );

  test("is the same whatever the order of its fields", () => {
    expect(contentOf(null, { a: 1, b: { c: 2, d: 3 } })).toBe(
      contentOf(null, { b: { d: 3, c: 2 }, a: 1 }),
    );
    expect(contentOf(null, { a: [1, 2] })).not.toBe(contentOf(null, { a: [2, 1] }));
  });

  test("is equal to nothing where JSON cannot hold it", () => {
    const circle: { a: string; self?: object } = { a: "x" };
    circle.self = circle;
    expect(contentOf(null, circle)).toBeUndefined();
    expect(textOf(circle)).not.toBe(textOf(circle));
    expect(textOf(circle)).not.toBe("");
    const made = () => ({ a: "x", b: new Map([[1, 2]]) });
    expect(contentOf(null, made())).not.toBe(contentOf(null, made()));
  });
});

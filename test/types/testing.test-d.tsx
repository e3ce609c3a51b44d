import type { AxiosInstance } from "axios";
import type { Auth, CreateAuthOptions, User } from "react-authed-query";
import {
  createTestAuth,
  reply,
  TestAuthProvider,
  type TestAnswer,
  type TestAuth,
  type TestAuthOptions,
  type TestReply,
  type TestRequest,
} from "react-authed-query/testing";
import { describe, expectTypeOf, test } from "vitest";

const ada = { id: "u1", name: "Ada" };

describe("createTestAuth", () => {
  test("returns an Auth, and what a test does to its world", () => {
    const auth = createTestAuth();
    expectTypeOf(auth).toEqualTypeOf<TestAuth>();
    expectTypeOf(auth).toExtend<Auth>();
    expectTypeOf(auth.api).toEqualTypeOf<AxiosInstance>();
    expectTypeOf(auth.test.requests).toEqualTypeOf<readonly TestRequest[]>();
    expectTypeOf(auth.test.settled).toEqualTypeOf<() => Promise<void>>();
    expectTypeOf(auth.test.switchTo).parameter(0).toEqualTypeOf<User>();
  });

  test("takes a user, a status, answers and another tab", () => {
    createTestAuth({ user: ada });
    createTestAuth({ status: "loading", user: ada });
    createTestAuth({ answers: "network" });
    createTestAuth({ tabOf: createTestAuth({ user: ada }) });
    createTestAuth({
      answers: {
        "GET /orders": ["boots"],
        "GET /name": "Ada",
        "GET /photo": new Uint8Array(),
        "GET /none": null,
        "POST /orders": 201,
        "PUT /orders/1": reply(422, { field: "name" }),
        "POST /drafts": async ({ body, user }) => {
          expectTypeOf(body).toEqualTypeOf<unknown>();
          expectTypeOf(user).toEqualTypeOf<User | null>();
          return reply(201, body);
        },
        "DELETE /orders/1": () => {},
      },
    });
  });

  test("takes the options of createAuth but for what it scripts", () => {
    createTestAuth({ refreshOn: [401, 419], identify: (user) => String(user?.["id"]) });
    type Shared = Omit<TestAuthOptions, "status" | "user" | "answers" | "tabOf">;
    expectTypeOf<Shared>().toExtend<Partial<CreateAuthOptions>>();
    // @ts-expect-error the kit answers the refresh
    createTestAuth({ refresh: "/auth/refresh" });
    // @ts-expect-error there is no network
    createTestAuth({ fetch });
  });

  test("what does not fit does not compile", () => {
    // @ts-expect-error no such status
    createTestAuth({ status: "refused" });
    // @ts-expect-error a misspelt option
    createTestAuth({ users: ada });
    // @ts-expect-error nothing is answered with `undefined`: leave the key out
    createTestAuth({ answers: { "GET /orders": undefined } });
  });
});

test("a request shows what was sent, and whose it was", () => {
  type Request = TestAuth["test"]["requests"][number];
  expectTypeOf<Request["user"]>().toEqualTypeOf<User | null>();
  expectTypeOf<Request["status"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Request["params"]>().toEqualTypeOf<Readonly<Record<string, string>>>();
  // A token is nowhere.
  expectTypeOf<keyof Request>().toEqualTypeOf<
    "key" | "params" | "body" | "headers" | "user" | "status"
  >();
});

describe("reply", () => {
  test("takes a status, a body and headers", () => {
    expectTypeOf(reply(204)).toEqualTypeOf<TestReply>();
    expectTypeOf(reply(429, { code: "busy" }, { "retry-after": "5" })).toExtend<TestAnswer>();
    // @ts-expect-error the status comes first
    reply({ code: "busy" });
    // @ts-expect-error a header is a string
    reply(429, null, { "retry-after": 5 });
  });
});

describe("<TestAuthProvider>", () => {
  test("takes an Auth of the kit, and hears of the end of its session", () => {
    const auth = createTestAuth();
    <TestAuthProvider auth={auth} onLogout={({ reason }) => reason}>
      welcome
    </TestAuthProvider>;
  });

  test("what does not fit does not compile", () => {
    // @ts-expect-error no Auth
    <TestAuthProvider>welcome</TestAuthProvider>;
    // @ts-expect-error the options belong to createTestAuth
    <TestAuthProvider auth={createTestAuth()} user={ada} />;
  });
});

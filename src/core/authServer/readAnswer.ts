import { fieldsOf, isRecord } from "../vocabulary/values.js";
import {
  judgeAnswer,
  type AuthAnswer,
  type AuthResult,
  type JudgeDependencies,
} from "./authResult.js";
import type { Purpose } from "./endpoints.js";

/** Makes a call and says what its answer means. Never rejects. */
export type ReadAnswer = (purpose: Purpose, call: () => unknown) => Promise<AuthResult>;

export function createReader(dependencies: JudgeDependencies): ReadAnswer {
  const judge = (purpose: Purpose, answer: AuthAnswer, response?: Response) =>
    judgeAnswer(dependencies, purpose, answer, response);

  async function readResponse(purpose: Purpose, response: Response): Promise<AuthResult> {
    const { status, headers } = response;
    return judge(purpose, { status, headers, data: await response.text() }, response);
  }

  /** An error that an endpoint function threw counts by the status it carries, as errors of axios do. */
  async function readThrown(purpose: Purpose, cause: unknown): Promise<AuthResult> {
    try {
      const answer = fieldsOf(cause)["response"] ?? cause;
      if (isResponse(answer) && !answer.bodyUsed) return await readResponse(purpose, answer);
      const { status, headers: given, data, code, cause: reason } = fieldsOf(answer);
      if (code === "misconfigured") return { kind: code, cause: reason };
      // An error with a success status is neither a success nor a refusal.
      if (Number(status) >= 300) {
        // `Headers` accepts the value or throws.
        const headers = new Headers(given as HeadersInit);
        return await judge(purpose, { status: Number(status), headers, data });
      }
    } catch {
      // Invalid headers, or a body that broke off: there is no answer.
    }
    return { kind: "unavailable" };
  }

  return async function readAnswer(purpose, call) {
    try {
      const returned = await call();
      return await (isResponse(returned)
        ? readResponse(purpose, returned)
        : judge(purpose, { status: 200, headers: new Headers(), data: returned }));
    } catch (cause) {
      // An error of axios shows what was sent.
      const { config, message } = fieldsOf(cause);
      const shown = config ? new Error(String(message)) : cause;
      const result = await readThrown(purpose, cause);
      return result.kind === "success" ? result : { cause: shown, ...result };
    }
  };
}

/** Recognises a `Response` by its shape, because a polyfill's has another class. */
export function isResponse(value: unknown): value is Response {
  return isRecord(value) && typeof value["text"] === "function";
}

import { isRecord } from "../../vocabulary/values.js";
import type { Fault, SeenAnswer } from "../warning/seenAnswer.js";

/** A logout that is refused because it came without the access token. */
export function guardedLogout({ purpose, url, options, answer }: SeenAnswer): Fault | undefined {
  const { logout } = options;
  if (purpose !== "logout" || (answer.status !== 401 && answer.status !== 403)) return undefined;
  if (isRecord(logout) && logout["sendToken"]) return undefined;
  const remedy =
    typeof logout === "function"
      ? "Send the `accessToken` that the function is given"
      : "Set `logout: { url, sendToken: true }` to send it at once; it is sent now, with a second call";
  return {
    mistake: "logout",
    sentence: `${url} answered ${answer.status} to a logout without the access token. If it is behind that: ${remedy}.`,
  };
}

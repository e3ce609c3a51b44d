import type { Auth } from "../../auth.js";
import { internalsOf } from "../../authInternals.js";

const latest = new WeakMap<object, { key: number; bound: unknown }>();

/**
 * Binds `auth.api`, for example, to the user whose code runs now. A call after their session has ended
 * by logout or switch is refused: it would be made as the next user. Each user gets one.
 */
export function asCaller<Callable extends object>(auth: Auth, verb: Callable): Callable {
  const { callerKey, runAs } = internalsOf(auth);
  const key = callerKey();
  return bind(verb);

  /** The same function, with methods of the same kind. Each is made once: effects depend on them. */
  function bind<Part extends object>(callable: Part): Part {
    const known = latest.get(callable);
    // A bound function has the type of the function that it was made of.
    if (known?.key === key) return known.bound as Part;
    const bound = new Proxy(callable, {
      apply(target, self, given) {
        const before = runAs(key);
        try {
          return Reflect.apply(target as () => unknown, self, given);
        } finally {
          runAs(before);
        }
      },
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? bind(value) : value;
      },
    });
    latest.set(callable, { key, bound });
    return bound;
  }
}

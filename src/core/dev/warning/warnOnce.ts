const said = new WeakMap<object, Set<string>>();

/**
 * Says a sentence in the console. For development only.
 *
 * @param owner - whose mistake it is: of each owner every mistake is named once.
 * @param mistake - what tells it from the owner's others; the sentence if omitted.
 */
export function warnOnce(owner: object, sentence: string, mistake: string = sentence): void {
  const known = said.get(owner) ?? new Set();
  said.set(owner, known);
  if (known.has(mistake)) return;
  known.add(mistake);
  console.warn(`react-authed-query: ${sentence}`);
}

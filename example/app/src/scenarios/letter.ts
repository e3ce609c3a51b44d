/** The field of the half-written form. */
export const letterId = "letter";

/** @throws Error if the page has none. */
export function letterIn(page: Document): HTMLTextAreaElement {
  const letter = page.querySelector<HTMLTextAreaElement>(`#${letterId}`);
  if (!letter) throw new Error("There is no letter.");
  return letter;
}

/** A `ref` for a new page: a screen reader goes on there, not at the link that was followed. */
export function takeFocus(page: HTMLElement | null): void {
  page?.focus({ preventScroll: true });
  page?.closest(".page")?.scrollTo(0, 0);
}

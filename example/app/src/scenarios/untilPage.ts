/**
 * Resolves once the page is as it should be, however long that takes: no event tells what React has
 * rendered. Rejects when the signal is aborted.
 */
export function untilPage(isAsExpected: () => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const observer = new MutationObserver(look);
    function look(): void {
      if (!isAsExpected()) return;
      observer.disconnect();
      resolve();
    }
    signal.addEventListener("abort", () => {
      observer.disconnect();
      reject(signal.reason);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    look();
  });
}

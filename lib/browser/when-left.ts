// Forgetting on leave: what a person typed or chose is dropped once their page was hidden for five minutes, and at once when they leave it
// (so that a page kept for the back button holds nothing). Trusts the browser for saying when a page is hidden.

/** How long a page may be hidden before it forgets, in milliseconds. */
export const hiddenTimeMax = 5 * 60_000;

type Left = 'hidden' | 'gone';

/** Calls `forget` as said above, as often as it happens. Gives the function that stops it. */
export function whenLeft(forget: (why: Left) => void, page: Document = document, clock = () => Date.now()): () => void {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hiddenSince = 0;
  const watch = () => {
    clearTimeout(timer);
    if (page.visibilityState === 'hidden') {
      hiddenSince = clock();
      timer = setTimeout(() => forget('hidden'), hiddenTimeMax);
      // A frozen page runs no timer: it is asked again when it comes back.
    } else if (hiddenSince !== 0 && clock() - hiddenSince >= hiddenTimeMax) forget('hidden');
  };
  page.addEventListener('visibilitychange', watch, { signal: stop.signal });
  page.defaultView?.addEventListener('pagehide', () => forget('gone'), { signal: stop.signal });
  return () => {
    clearTimeout(timer);
    stop.abort();
  };
}

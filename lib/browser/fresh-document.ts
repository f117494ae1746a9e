// Just before a signature: is this page still about what stands on the server, and what time is it there? One request answers both.
// Trusts the server for its time only (clocks of laptops are wrong more often); what is signed is what the page shows.
import { isRefusal, refuse, type Refusal } from '#lib/core/errors.ts';
import { readStatement } from '#lib/core/statement.ts';

/**
 * Fetches the document again and demands the shown text. Gives the server's time in milliseconds. Refuses `signing.newer-revision`
 * where the draft moved on, `signing.document-changed` where it became something else (or is not there any more), and
 * `signing.no-server` where no answer with a time came.
 */
export async function requireFresh(downloadPath: string, text: string): Promise<number> {
  const answer = await fetch(downloadPath, { cache: 'no-store', redirect: 'error' }).catch((cause: unknown) => {
    throw refuse('signing.no-server', {}, cause);
  });
  const time = Date.parse(answer.headers.get('date') ?? '');
  if (answer.status >= 500 || Number.isNaN(time)) throw refuse('signing.no-server', {});
  const current = answer.ok ? await answer.text() : null;
  if (current !== text) throw movedOn(current, text);
  return time;
}

/** A later revision of the same draft is named; anything else has just changed. */
function movedOn(current: string | null, text: string): Refusal {
  const [was, is] = [revisionOf(text), revisionOf(current ?? '')];
  return was !== null && is !== null && is > was
    ? refuse('signing.newer-revision', { shown: was, newest: is })
    : refuse('signing.document-changed', {});
}

function revisionOf(text: string): number | null {
  try {
    return readStatement(new TextEncoder().encode(text)).revision;
  } catch (fault) {
    if (isRefusal(fault)) return null;
    throw fault;
  }
}

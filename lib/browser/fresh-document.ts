// Just before a signature: is this page still about what stands on the server, and what time is it there? One request answers both.
// Trusts the server for its time only (clocks of laptops are wrong more often); what is signed is what the page shows.
import { refuse } from '#lib/core/errors.ts';

/**
 * Fetches the document again and demands the shown text. Gives the server's time in milliseconds. Refuses `signing.document-changed`
 * where it became another one (or is not there any more), `signing.no-server` where no answer with a time came.
 */
export async function requireFresh(downloadPath: string, text: string): Promise<number> {
  const answer = await fetch(downloadPath, { cache: 'no-store', redirect: 'error' }).catch((cause: unknown) => {
    throw refuse('signing.no-server', {}, cause);
  });
  const time = Date.parse(answer.headers.get('date') ?? '');
  if (answer.status >= 500 || Number.isNaN(time)) throw refuse('signing.no-server', {});
  if (!answer.ok || (await answer.text()) !== text) throw refuse('signing.document-changed', {});
  return time;
}

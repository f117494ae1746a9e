// The POST of a link that switches mail off (RFC 8058): from the button of a mail program, which sends neither cookie nor origin, or from our own
// page below the same address. The token in the address is all that is asked for and all that it can do. GET and HEAD go on to the page and
// change nothing, however often a scanner asks. A mail program gets a line of text and is never redirected; a browser gets the page.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import { switchMailOff } from '#lib/server/commands/switch-mail-off.ts';
import { receiveFields } from '#lib/server/http/receive-fields.ts';
import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import type { OwnRoute } from './tree.ts';

const address = /^\/unsubscribe\/([A-Za-z0-9_.-]{1,700})$/;

/** Answers a POST to `/unsubscribe/TOKEN`, and leaves everything else alone. */
export const unsubscribeRoute: OwnRoute = async (req, res) => {
  if (req.method !== 'POST') return false;
  const token = address.exec((req.url ?? '/').split('?')[0] ?? '')?.[1];
  if (token === undefined) return false;
  await answer(req, res, token);
  return true;
};

async function answer(req: IncomingMessage, res: ServerResponse, token: string): Promise<void> {
  const fields = await receiveFields(req.headers, req);
  if (fields.get('List-Unsubscribe') !== 'One-Click') throw refuse('mail.not-one-click', {});
  await switchMailOff({ token, all: fields.get('all') === 'yes' });
  const always = {
    ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
    'Cache-Control': 'no-store',
  };
  if (fields.get('from') === 'page') {
    res.writeHead(303, { ...always, Location: `/unsubscribe/${token}` }).end();
    return;
  }
  const headers = { ...always, 'Content-Type': 'text/plain; charset=utf-8' };
  res.writeHead(200, headers).end('Switched off. The same address, opened, says what still comes.\n');
}

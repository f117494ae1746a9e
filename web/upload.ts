// The doors for files, taken from Next because it holds or cuts bodies: open a draft, change its files. The session cookie says who
// asks; a browser must say that the form is ours (threat 59). Script gets JSON, a form without script a page or a redirect.
// Refuses before reading the body where the person may not; what was half received is gone by then.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse, type Refusal } from '#lib/core/errors.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import { keepingRefusedChange } from '#lib/server/history/refused-change.ts';
import { receiveFiles, receiveNewDraft } from '#lib/server/http/receive-draft.ts';
import { readActor } from '#lib/server/http/session.ts';
import { runtime } from '#lib/server/runtime.ts';
import { finishReading } from './finish-reading.ts';
import { mayChange, transportHeaders } from './headers.ts';
import type { OwnRoute } from './tree.ts';

type Door = { address: RegExp; receive: typeof receiveFiles; back: (name: string) => string };

const doors: Door[] = [
  {
    address: /^\/projects\/([A-Za-z0-9._-]{1,100})\/drafts$/,
    receive: receiveNewDraft,
    back: (name) => `/projects/${name}/drafts/new`,
  },
  { address: /^\/drafts\/([0-9a-f]{12})\/files$/, receive: receiveFiles, back: (id) => `/drafts/${id}` },
];

/** Answers `POST /projects/NAME/drafts` and `POST /drafts/ID/files`, and leaves everything else alone. */
export const uploadRoute: OwnRoute = async (req, res) => {
  if (req.method !== 'POST') return false;
  const [address = ''] = (req.url ?? '/').split('?');
  for (const door of doors) {
    const name = door.address.exec(address)?.[1];
    if (name === undefined) continue;
    await receive(req, res, door, name);
    return true;
  }
  return false;
};

async function receive(req: IncomingMessage, res: ServerResponse, door: Door, name: string): Promise<void> {
  const wantsJson = (req.headers.accept ?? '').includes('application/json');
  try {
    requireOwnForm(req);
    const actor = await readActor(req.headers.cookie);
    const { draft } = await keepingRefusedChange(() => door.receive(actor, name, { headers: req.headers, body: req }));
    answerDone(res, `/drafts/${draft}`, wantsJson);
  } catch (fault) {
    answerRefused(res, asRefusal(fault), wantsJson, door.back(name));
    finishReading(req);
  }
}

/** The origin must be ours, and where the browser says so, the request must have come from our own pages. */
export function requireOwnForm(req: IncomingMessage): void {
  const publicUrl = new URL(runtime().config.publicUrl);
  const site = req.headers['sec-fetch-site'];
  if (!mayChange(req, publicUrl) || (site !== undefined && site !== 'same-origin'))
    throw refuse('request.foreign-origin', { publicUrl: publicUrl.origin });
}

const always = (): Record<string, string> => ({
  ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
  'Cache-Control': 'no-store',
});

function answerDone(res: ServerResponse, location: string, wantsJson: boolean): void {
  if (!wantsJson) return void res.writeHead(303, { ...always(), Location: location }).end();
  res.writeHead(200, { ...always(), 'Content-Type': 'application/json' }).end(JSON.stringify({ location }));
}

function answerRefused(res: ServerResponse, refusal: Refusal, wantsJson: boolean, back: string): void {
  const { status, headers } = answerRefusal(refusal);
  const { code, message, details } = refusal;
  if (wantsJson) {
    res.writeHead(status, { ...always(), ...headers, 'Content-Type': 'application/json' });
    return void res.end(JSON.stringify({ refusal: { code, message, details } }));
  }
  if (refusal.kind === 'unauthenticated') {
    const signIn = `/sign-in?${new URLSearchParams({ returnTo: back }).toString()}`;
    return void res.writeHead(303, { ...always(), Location: signIn }).end();
  }
  const page = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  };
  res.writeHead(status, { ...always(), ...headers, ...page }).end(refusalPage(refusal, back));
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (hostile: string): string => hostile.replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** For a form without script: what happened, that nothing was changed, and the way back. */
function refusalPage({ message, code }: Refusal, back: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>The files were not accepted</title></head>
<body><main><h1>The files were not accepted</h1>
<p role="alert">${escape(message)}</p><p>Nothing was changed. <a href="${escape(back)}">Back to the form</a></p>
<p><small>${escape(code)}</small></p></main></body></html>
`;
}

// How an open page stays true without being loaded again: `/inbox` says what waits for the person of the session, and says it again whenever it
// is other, to whoever asks for an event stream (HTML standard, 9.2); to everybody else once, as JSON. Every message is the whole
// state, so that one that was missed is made good by the next. The session is asked again before each message: whoever signed out, or whose
// session is over, hears nothing more. Cookies are hostile; a stream ends after a while by itself, and there is a limit of them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import type { AccountName } from '#lib/core/ids.ts';
import { requirePerson } from '#lib/core/people.ts';
import { sharedWatch, type Entry } from '#lib/server/history/watch-history.ts';
import { readActor } from '#lib/server/http/session.ts';
import { limits } from '#lib/server/limits.ts';
import { openInbox, type OpenInbox } from '#lib/server/queries/inbox.ts';
import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import type { OwnRoute } from './tree.ts';

type Stream = {
  person: AccountName;
  cookie: string | undefined;
  res: ServerResponse;
  /** In which projects something must happen to concern the person; null until it is known. */
  projects: ReadonlySet<string> | null;
  /** The mark of the last message, so that the same is not said twice. */
  said: string;
  /** What is being said: the next waits for it, or the older of two answers could come last. */
  turn: Promise<void>;
};

const streams = new Set<Stream>();
const watching = sharedWatch(tellWhomItConcerns);

const address = /^\/inbox$/;

/** Answers `/inbox`, and leaves everything else alone. Refuses `person.sign-in-first`, `stream.too-many`. */
export const liveRoute: OwnRoute = async (req, res) => {
  if (req.method !== 'GET' || !address.test((req.url ?? '').split('?', 1)[0] ?? '')) return false;
  const person = requirePerson(await readActor(req.headers.cookie));
  const isStream = (req.headers.accept ?? '').split(',').some((type) => type.trim() === 'text/event-stream');
  if (isStream) await openStream(req, res, person);
  else await answerOnce(req, res);
  return true;
};

/** Ends every stream, so that the server can close; browsers come back by themselves. */
export function endStreams(): void {
  for (const stream of [...streams]) endStream(stream);
}

const headers = (contentType: string): Record<string, string> => ({
  ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
  'Content-Type': contentType,
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  Vary: 'Accept, Cookie',
});

async function answerOnce(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { inbox } = await openInbox(await readActor(req.headers.cookie));
  res.writeHead(200, headers('application/json')).end(JSON.stringify(inbox));
}

async function openStream(req: IncomingMessage, res: ServerResponse, person: AccountName): Promise<void> {
  const own = [...streams].filter((stream) => stream.person === person).length;
  if (own >= limits.streamsPerPerson || streams.size >= limits.streamsMax) throw refuse('stream.too-many', {});
  const cookie = req.headers.cookie;
  const stream: Stream = { person, cookie, res, projects: null, said: '', turn: Promise.resolve() };
  streams.add(stream);
  endWithItsAnswer(stream);
  // Before anything is read: what happens from here on is heard.
  await watching.begin();
  // The last header: nginx would hold back what it takes for an answer that is not finished.
  res.writeHead(200, { ...headers('text/event-stream'), 'X-Accel-Buffering': 'no' });
  res.write('retry: 1000\n\n');
  await say(stream);
}

/** Says now and then that it is there, ends after a while, and is forgotten when the connection is. */
function endWithItsAnswer(stream: Stream): void {
  const { res } = stream;
  const beat = setInterval(() => {
    if (res.headersSent && !res.writableNeedDrain) res.write('event: alive\ndata: alive\n\n');
  }, limits.streamBeatMs);
  const over = setTimeout(() => endStream(stream), limits.streamMs);
  res.on('close', () => {
    clearInterval(beat);
    clearTimeout(over);
    endStream(stream);
  });
}

function endStream(stream: Stream): void {
  streams.delete(stream);
  if (streams.size === 0) watching.end();
  stream.res.end();
}

const concerns = ({ person, projects }: Stream, { actor, projectName, personName }: Entry): boolean =>
  personName === person || actor === person || projects === null || (projectName !== null && projects.has(projectName));

/** One after the other: what happens meanwhile is told in the next batch, once. */
async function tellWhomItConcerns(entries: readonly Entry[]): Promise<void> {
  for (const stream of [...streams]) {
    if (entries.some((entry) => concerns(stream, entry))) await say(stream).catch(() => endStream(stream));
  }
}

/** The state as it is now, where it is other than what was said last. A stream whose session is over ends. */
function say(stream: Stream): Promise<void> {
  const said = stream.turn.then(async () => {
    const actor = await readActor(stream.cookie);
    if (actor.kind !== 'person' || actor.name !== stream.person) endStream(stream);
    else send(stream, await openInbox(actor));
  });
  stream.turn = said.catch(() => undefined);
  return said;
}

/** Whoever reads too slowly is sent nothing more and hears the newest state when they come back. */
function send(stream: Stream, { inbox, projects }: OpenInbox): void {
  stream.projects = new Set(projects);
  if (inbox.mark === stream.said || !streams.has(stream)) return;
  if (stream.res.writableNeedDrain) return endStream(stream);
  stream.said = inbox.mark;
  stream.res.write(`event: inbox\ndata: ${JSON.stringify(inbox)}\n\n`);
}

// The doors of programs, /api/v1/… (docs/formats/api.md): what needs a signature, a draft with its statement and files, handing in a signature,
// declining, opening a draft and adding files. Asked with a token in the Authorization header and nothing else: no cookie is read here, so
// there is nothing that another site's form could use. What a token opens is core's table; each command asks again, by rows of that moment.
// Bodies are read only once it is known who sends them. GET and HEAD change nothing but when the token was used last.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { keepingRefusedChange } from '#lib/server/history/refused-change.ts';
import { receiveFields } from '#lib/server/http/receive-fields.ts';
import { receiveFiles, receiveNewDraft } from '#lib/server/http/receive-draft.ts';
import { receiveSignatureByToken } from '#lib/server/http/receive-signature.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import { requireToken } from '#lib/server/http/token.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import type { TokenActor } from '#lib/server/judge/token.ts';
import { draftForPrograms } from '#lib/server/queries/draft-for-programs.ts';
import { queueOf } from '#lib/server/queries/queue.ts';
import { draftFile, statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { finishReading } from './finish-reading.ts';
import { transportHeaders } from './headers.ts';
import { decodeSegment, sendBytes, sendStored } from './send-download.ts';
import type { OwnRoute } from './tree.ts';

type Asked = { req: IncomingMessage; res: ServerResponse; token: TokenActor; names: string[] };
type Door = { address: RegExp; methods: readonly string[]; answer: (asked: Asked) => Promise<void> };

const reading = ['GET', 'HEAD'];
const doors: readonly Door[] = [
  { address: /^\/api\/v1\/token$/, methods: reading, answer: (asked) => sendToken(asked) },
  {
    address: /^\/api\/v1\/queue$/,
    methods: reading,
    answer: async (asked) => sendJson(asked, await queueOf(asked.token)),
  },
  { address: /^\/api\/v1\/drafts\/([^/]+)$/, methods: reading, answer: (asked) => sendDraft(asked) },
  {
    address: /^\/api\/v1\/projects\/([^/]+)\/releases\/([^/]+)$/,
    methods: reading,
    answer: (asked) => sendDraftOfVersion(asked),
  },
  { address: /^\/api\/v1\/drafts\/([^/]+)\/SHA256SUMS$/, methods: reading, answer: (asked) => sendStatement(asked) },
  { address: /^\/api\/v1\/drafts\/([^/]+)\/files\/([^/]+)$/, methods: reading, answer: (asked) => sendFileOf(asked) },
  { address: /^\/api\/v1\/drafts\/([^/]+)\/signatures$/, methods: ['POST'], answer: (asked) => takeSignature(asked) },
  { address: /^\/api\/v1\/drafts\/([^/]+)\/decline$/, methods: ['POST'], answer: (asked) => takeDecline(asked) },
  { address: /^\/api\/v1\/projects\/([^/]+)\/drafts$/, methods: ['POST'], answer: (asked) => takeDraft(asked) },
  { address: /^\/api\/v1\/drafts\/([^/]+)\/files$/, methods: ['POST'], answer: (asked) => takeFiles(asked) },
];

/** Answers what is below /api/v1/. */
export const apiRoute: OwnRoute = async (req, res) => {
  const [address = ''] = (req.url ?? '/').split('?');
  if (!address.startsWith('/api/v1/')) return false;
  try {
    await answer(req, res, address);
  } catch (fault) {
    if (res.headersSent) res.destroy();
    else sendRefusal(res, fault);
  } finally {
    finishReading(req);
  }
  return true;
};

async function answer(req: IncomingMessage, res: ServerResponse, address: string): Promise<void> {
  const found = doors.filter((one) => one.address.test(address));
  const methods = found.flatMap((one) => one.methods);
  const door = found.find((one) => one.methods.includes(req.method ?? ''));
  if (door === undefined && found.length > 0) res.setHeader('Allow', methods.join(', '));
  if (door === undefined) throw refuse('api.no-such', { method: req.method ?? '', allowed: methods.join(', ') });
  const token = await requireToken(req);
  await requireRate('request-by-token', token.id);
  const names = (door.address.exec(address) ?? []).slice(1).map(decodeSegment);
  const work = () => door.answer({ req, res, token, names });
  await (door.methods === reading ? work() : keepingRefusedChange(work));
}

async function sendToken(asked: Asked): Promise<void> {
  const { name, label, scopes, project } = asked.token;
  sendJson(asked, { index: runtime().indexName, person: name, name: label, scopes, project });
}

async function sendDraft(asked: Asked): Promise<void> {
  const [draft = ''] = asked.names;
  sendJson(asked, await draftForPrograms(asked.token, { draft }));
}

async function sendDraftOfVersion(asked: Asked): Promise<void> {
  const [project = '', version = ''] = asked.names;
  sendJson(asked, await draftForPrograms(asked.token, { project, version }));
}

async function sendStatement({ req, res, token, names: [draft = ''] }: Asked): Promise<void> {
  sendBytes(req, res, await statementBytes(token, draft));
}

async function sendFileOf({ req, res, token, names: [draft = '', file = ''] }: Asked): Promise<void> {
  await sendStored(req, res, await draftFile(token, draft, file));
}

async function takeSignature(asked: Asked): Promise<void> {
  const { req, token, names } = asked;
  const [draft = ''] = names;
  const claimed = { draft, ...readRevision(new URLSearchParams((req.url ?? '').split('?')[1]).get('revision')) };
  const added = await receiveSignatureByToken(token, claimed, { headers: req.headers, body: req });
  const { state, revision, signed, required, standing, couldStillSign } = added;
  const outcomes = added.outcomes.map(({ result, person, key, over, reason, says }) => ({
    ...{ result, person, key, over, reason, says },
  }));
  const counts = outcomes.some(({ result }) => result !== 'refused');
  const told = { draft: added.draft, revision, state, counts, signed, required, standing, couldStillSign, outcomes };
  sendJson(asked, told, counts ? 200 : 422);
}

async function takeDecline(asked: Asked): Promise<void> {
  const { req, token, names } = asked;
  const [draft = ''] = names;
  await findDraft(runtime().db, token, 'draft.decline', draft);
  const fields = await receiveFields(req.headers, req);
  const wish = { draft, reason: fields.get('reason') ?? '', ...readRevision(fields.get('revision') ?? null) };
  sendJson(asked, { ...(await declineDraft(token, wish)), page: pageOf(draft) });
}

async function takeDraft(asked: Asked): Promise<void> {
  const { req, token, names } = asked;
  const [project = ''] = names;
  const { draft } = await receiveNewDraft(token, project, { headers: req.headers, body: req, mustDeclare: true });
  sendJson(asked, await draftForPrograms(token, { draft }), 201);
}

async function takeFiles(asked: Asked): Promise<void> {
  const { req, token, names } = asked;
  const [claimed = ''] = names;
  const { draft } = await receiveFiles(token, claimed, { headers: req.headers, body: req, mustDeclare: true });
  sendJson(asked, await draftForPrograms(token, { draft }));
}

function readRevision(claimed: string | null): { expectedRevision?: number } {
  if (claimed === null) return {};
  if (/^[1-9][0-9]{0,5}$/.test(claimed)) return { expectedRevision: Number(claimed) };
  throw refuse('input.not-a', { what: 'a revision', claimed: claimed.slice(0, 80) });
}

const pageOf = (draft: string): string => `${runtime().config.publicUrl}/drafts/${draft}`;

const always = (): Record<string, string> => ({
  ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'Cache-Control': 'private, no-store',
});

function sendRefusal(res: ServerResponse, fault: unknown): void {
  const { status, headers, body } = answerRefusal(asRefusal(fault));
  res.writeHead(status, { ...always(), ...headers }).end(JSON.stringify(body));
}

function sendJson({ req, res }: Asked, told: object, status = 200): void {
  const body = `${JSON.stringify(told, null, 2)}\n`;
  const length = String(Buffer.byteLength(body));
  res.writeHead(status, { ...always(), 'Content-Type': 'application/json', 'Content-Length': length });
  res.end(req.method === 'HEAD' ? undefined : body);
}

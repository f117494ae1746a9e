// The bytes of drafts, policies, signatures, key phrases and mailed attachments that people download to sign, open or compare: exactly as stored,
// as attachment, for whoever may see them. Who may is decided by the queries; a stranger gets the answer of something that is not there.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '#lib/core/people.ts';
import { readActor } from '#lib/server/http/session.ts';
import { keyPhrase } from '#lib/server/queries/account-keys.ts';
import { declarationBytes } from '#lib/server/queries/declaration-page.ts';
import type { Download } from '#lib/server/queries/download.ts';
import { keyChallengeFile } from '#lib/server/queries/key-challenge-file.ts';
import { mailboxAttachment } from '#lib/server/queries/mailbox.ts';
import { policyBytes } from '#lib/server/queries/policy-page.ts';
import { draftSignature, policySignature } from '#lib/server/queries/signature-bytes.ts';
import { draftFile, statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { decodeSegment, sendBytes, sendStored } from './send-download.ts';
import type { OwnRoute } from './tree.ts';

type Door = { address: RegExp; find: (actor: Actor, names: string[], query: URLSearchParams) => Promise<Download> };

const doors: Door[] = [
  {
    address: /^\/drafts\/([^/]+)\/SHA256SUMS$/,
    find: (actor, [draft = ''], query) => statementBytes(actor, draft, readRevision(query)),
  },
  {
    address: /^\/projects\/([^/]+)\/policy\/(\d{1,7})\/\2\.json$/,
    find: (actor, [project = '', version = '']) => policyBytes(actor, project, Number(version)),
  },
  {
    address: /^\/drafts\/([^/]+)\/signatures\/([0-9a-f]{64})\.asc$/,
    find: (actor, [draft = '', packet = '']) => draftSignature(actor, draft, packet),
  },
  {
    address: /^\/projects\/([^/]+)\/policy\/(\d{1,7})\/signatures\/([0-9a-f]{64})\.asc$/,
    find: (actor, [project = '', version = '', packet = '']) =>
      policySignature(actor, project, Number(version), packet),
  },
  {
    address: /^\/projects\/([^/]+)\/declarations\/([0-9a-f]{64})\.json$/,
    find: (actor, [project = '', sha256 = '']) => declarationBytes(actor, project, sha256),
  },
  { address: /^\/account\/keys\/([^/]+)\/phrase$/, find: (actor, [key = '']) => keyPhrase(actor, key) },
  {
    address: /^\/account\/keys\/([^/]+)\/countersign-challenge\.asc$/,
    find: (actor, [key = '']) => keyChallengeFile(actor, key),
  },
  {
    address: /^\/mailbox\/([^/]+)\/([^/]+)\/attachments\/([^/]+)$/,
    find: (_, [secret = '', mail = '', name = '']) => mailboxAttachment(secret, mail, name),
  },
];
const fileAddress = /^\/drafts\/([^/]+)\/files\/([^/]+)$/;

/** Answers the download addresses, and leaves everything else alone. */
export const downloadRoute: OwnRoute = async (req, res) => {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  const [address = '', query = ''] = (req.url ?? '/').split('?');
  const file = fileAddress.exec(address);
  if (file) return sendFileOf(req, res, file.slice(1));
  for (const { address: pattern, find } of doors) {
    const found = pattern.exec(address);
    if (!found) continue;
    const actor = await readActor(req.headers.cookie);
    sendBytes(req, res, await find(actor, found.slice(1).map(decodeSegment), new URLSearchParams(query)));
    return true;
  }
  return false;
};

/** `?revision=2` asks for an earlier statement; anything else in that place is no revision. */
function readRevision(query: URLSearchParams): number | undefined {
  const claimed = query.get('revision');
  if (claimed === null) return undefined;
  return /^[1-9][0-9]{0,5}$/.test(claimed) ? Number(claimed) : 0;
}

async function sendFileOf(req: IncomingMessage, res: ServerResponse, segments: string[]): Promise<boolean> {
  const [draft = '', name = ''] = segments.map(decodeSegment);
  await sendStored(req, res, await draftFile(await readActor(req.headers.cookie), draft, name));
  return true;
}

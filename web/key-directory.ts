// This instance as a directory of public keys, for programs: HKP (/pks/lookup), VKS (/vks/v1/by-fingerprint), Web Key Directory
// (/.well-known/openpgpkey) and the key ring of a project (docs/formats/keys.md). Everything is public and read-only; what may be looked up
// decides lib/server/queries/key-directory.ts. Addresses are hostile; unknown, hidden and malformed are the same 404.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readProjectName } from '#lib/core/ids.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { armoredKey, findPublicKey, keysOfAddress, projectKeyRing } from '#lib/server/queries/key-directory.ts';
import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import { renderHkpIndex } from './hkp-index.ts';
import { revalidate } from '#lib/server/http/caching.ts';
import type { OwnRoute } from './tree.ts';

type Answer = { status: number; contentType: string; body: string | Uint8Array; allow?: string };
type Door = { address: RegExp; find: (segments: string[], query: URLSearchParams) => Promise<Answer> };

const pgpKeys = 'application/pgp-keys';
const sentence = (status: number, text: string): Answer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: `${text}\n`,
});
const nothing = sentence(404, 'There is no such key here.');
const keys = (contentType: string, body: string | Uint8Array | null): Answer =>
  body === null ? nothing : { status: 200, contentType, body };

const doors: Door[] = [
  { address: /^\/pks\/lookup$/, find: (_, query) => answerHkp(query) },
  {
    address: /^\/vks\/v1\/by-fingerprint\/([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/,
    find: async ([fingerprint = '']) => keys(pgpKeys, armoredKey(await findPublicKey(fingerprint.toUpperCase()))),
  },
  // The advanced method names the domain in the path, the direct one means the host itself.
  {
    address: /^\/\.well-known\/openpgpkey\/(?:([A-Za-z0-9.-]{1,253})\/)?hu\/([a-z0-9]{32})$/,
    find: async ([domain = new URL(runtime().config.publicUrl).hostname, hash = ''], query) =>
      keys(
        'application/octet-stream',
        await keysOfAddress({ domain: domain.toLowerCase(), hash, localPart: query.get('l') }),
      ),
  },
  {
    address: /^\/\.well-known\/openpgpkey\/(?:[A-Za-z0-9.-]{1,253}\/)?policy$/,
    find: () => Promise.resolve({ status: 200, contentType: 'text/plain; charset=utf-8', body: '' }),
  },
  {
    address: /^\/projects\/([a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,99})\/keyring\.asc$/,
    find: async ([name]) => keys(pgpKeys, await projectKeyRing(readProjectName(name))),
  },
];
const ours = /^\/(?:pks|vks|\.well-known\/openpgpkey)(?:\/|$)/;

/** Answers the addresses of the directory, and leaves everything else alone. */
export const keyDirectoryRoute: OwnRoute = async (req, res) => {
  const [address = '', query = ''] = (req.url ?? '/').split('?');
  if (!ours.test(address) && !doors.some((door) => door.address.test(address))) return false;
  if (req.method === 'GET' || req.method === 'HEAD') {
    await requireRate('key-lookup-by-client', req.socket.remoteAddress ?? 'unknown');
    send(req, res, await look(address, new URLSearchParams(query)));
  } else send(req, res, { ...sentence(405, 'Keys can only be looked up here.'), allow: 'GET, HEAD' });
  return true;
};

async function look(address: string, query: URLSearchParams): Promise<Answer> {
  for (const { address: pattern, find } of doors) {
    const segments = pattern.exec(address)?.slice(1);
    if (segments) return find(segments, query);
  }
  return nothing;
}

/** draft-gallagher-openpgp-hkp: `get` and `index` by a full fingerprint or a 64-bit id; people and addresses cannot be searched for. */
async function answerHkp(query: URLSearchParams): Promise<Answer> {
  const operation = query.get('op')?.toLowerCase();
  const isIndex = operation === 'index' || operation === 'vindex';
  if (operation !== 'get' && !isIndex) return sentence(501, 'Of HKP, get and index are answered here.');
  const digits = /^0x([0-9a-f]+)$/i.exec(query.get('search') ?? '')?.[1] ?? '';
  const found = await findPublicKey(digits.toUpperCase());
  if (!isIndex) return keys(pgpKeys, armoredKey(found));
  return keys('text/plain; charset=utf-8', found && renderHkpIndex(found.facts, runtime().clock.now().getTime()));
}

function send(req: IncomingMessage, res: ServerResponse, { status, contentType, body, allow }: Answer): void {
  const bytes = Buffer.from(body);
  res.writeHead(status, {
    ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Access-Control-Allow-Origin': '*',
    'Cache-Control': revalidate,
    'Content-Type': contentType,
    'Content-Length': String(bytes.length),
    ...(allow === undefined ? {} : { Allow: allow }),
  });
  res.end(req.method === 'HEAD' ? undefined : bytes);
}

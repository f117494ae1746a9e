// Asks one key server for one certificate by its full fingerprint. What comes back is hostile: it is read like an uploaded file, and counts
// only if it is that one key and nothing besides. Anything else is refused by name, with the server, what was asked and what came.
import { isRefusal, refuse, type Refusal } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { certificateLimits, readCertificate, type Certificate } from '#lib/pgp/read-certificate.ts';
import { limits } from '#lib/server/limits.ts';
import { getBounded, type Bounds } from '#lib/server/outgoing/get-bounded.ts';
import { addressOfKey, type KeyServer } from './key-server.ts';

export type KeyServerAnswer =
  { kind: 'found'; certificate: Certificate } | { kind: 'none' } | { kind: 'unreachable'; why: string };

type Asked = { key: Fingerprint; at: number; resolve?: NonNullable<Bounds['resolve']> };

/**
 * The server's answer. Refuses `key.server-wrong-answer`, and what lib/pgp refuses about the right key itself (`key.weak`,
 * `key.no-self-signature`, `key.too-complex`, `key.too-large`).
 */
export async function askKeyServer(server: KeyServer, { key, at, resolve }: Asked): Promise<KeyServerAnswer> {
  const got = await getBounded(addressOfKey(server, key), {
    ...{ bytesMax: certificateLimits.rawBytesMax, ms: limits.keyServerMs, accept: 'application/pgp-keys, */*;q=0.1' },
    ...(resolve && { resolve }),
  });
  if (got.status === null) return { kind: 'unreachable', why: got.why };
  if (got.status === 404 || got.status === 410) return { kind: 'none' };
  if (got.status !== 200) return { kind: 'unreachable', why: `status ${got.status}` };
  const certificate = await readAnswer(server, { key, at }, got.bytes);
  if (certificate.facts.primary !== key) throw wrongAnswer(server, key, `the key ${certificate.facts.primary}`);
  return { kind: 'found', certificate };
}

async function readAnswer(server: KeyServer, { key, at }: Asked, foreignBytes: Uint8Array): Promise<Certificate> {
  try {
    return await readCertificate(foreignBytes, at);
  } catch (fault) {
    const instead = isRefusal(fault) ? whatCame(fault) : null;
    if (instead === null) throw fault;
    throw wrongAnswer(server, key, instead, fault);
  }
}

const wrongAnswer = (server: KeyServer, asked: Fingerprint, answered: string, cause?: unknown): Refusal =>
  refuse('key.server-wrong-answer', { server: server.name, asked, answered }, cause);

const others: Readonly<Record<string, string>> = {
  'key.is-private': 'a private key',
  'key.is-signature': 'a signature',
  'key.is-revocation': 'a revocation certificate',
  'key.utf-16': 'text in UTF-16',
  'key.unreadable': 'something damaged',
};

/** In a few words what an answer was that is no certificate; null: it is one, and refused for another reason. */
function whatCame({ code, details }: Refusal): string | null {
  if (code === 'key.several') return `several keys (${(details as { keys: string[] }).keys.join(', ')})`;
  if (code === 'key.is-other') return (details as { looksLike: string }).looksLike;
  return others[code] ?? null;
}

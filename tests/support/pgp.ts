// What tests of OpenPGP share: stored vectors, and the answers of lib/pgp and core to a certificate or a signature in one line.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isRefusal, type RefusalCode } from '#lib/core/errors.ts';
import { judgeEntry, type SignatureFacts } from '#lib/core/verdict.ts';
import { digestBytes } from '#lib/digest/digest-bytes.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { readKeyRing, type Certificate } from '#lib/pgp/read-certificate.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';

/** A moment when keys of the vectors and forged keys are in force. */
export const noon = Date.parse('2026-06-01T12:00:00Z');

/** A file made once by tests/vectors/pgp/make.sh. */
export const vector = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(import.meta.dirname, '..', 'vectors', 'pgp', name)));

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export type Answer = { facts: SignatureFacts; reason: string | null };

export type Asked = {
  signature: Uint8Array;
  keys: readonly Uint8Array[];
  data: Uint8Array;
  received?: number;
  now?: number;
};

/** Checks all packets of a signature file and judges whether each may enter: the code of the reason, or null where it counts. */
export async function judge({ signature, keys, data, received = noon, now = noon }: Asked): Promise<Answer[]> {
  const certificates: Certificate[] = [];
  for (const key of keys) certificates.push(...(await readKeyRing(key, now)));
  const checked = await checkSignatures({
    packets: await readSignatures(signature),
    certificates: certificates.map(({ bytes }) => bytes),
    digest: (requests) => Promise.resolve(digestBytes(data, requests)),
  });
  const known = new Map(certificates.map(({ facts }) => [facts.primary, facts]));
  return checked.map((facts) => ({ facts, reason: judgeEntry(facts, received, known)?.code ?? null }));
}

/** The reasons alone, in the order of the packets. */
export const reasonsFor = async (asked: Asked): Promise<(string | null)[]> =>
  (await judge(asked)).map(({ reason }) => reason);

/** The distinct primary keys that count. */
export const countedKeys = async (asked: Asked): Promise<string[]> => [
  ...new Set((await judge(asked)).flatMap(({ facts, reason }) => (reason === null && facts.key ? [facts.key] : []))),
];

/** The code with which the work is refused; `accepted` where it is not; a fault of ours is thrown on. */
export async function refusalOf(work: () => unknown): Promise<RefusalCode | 'accepted'> {
  try {
    await work();
    return 'accepted';
  } catch (fault) {
    if (isRefusal(fault)) return fault.code;
    throw fault;
  }
}

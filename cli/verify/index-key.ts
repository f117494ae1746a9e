// The index itself: with which key it signs, whether that is the one that is trusted, and what it signed. On first contact somebody compares the fingerprint,
// or gave it; nothing is taken from the index alone (threats.md, 111).
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint, IndexName } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { changesBetween } from '#lib/evidence/key-rotation.ts';
import type { ReadPath } from '#lib/evidence/served-log.ts';
import { readIndexKey, requireIndexSignature, type IndexKey } from '#lib/evidence/index-signature.ts';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import type { CollectedRelease } from '#lib/evidence/collect-release.ts';
import type { IndexPin } from '#cli/trust/pin.ts';
import { requireYes, type Held } from './held.ts';

export type MetIndex = { key: IndexKey; name: IndexName };

/** How the index presents itself. */
export type Presented = { address: string; name: IndexName; certificate: Uint8Array; read: ReadPath };

/**
 * The key of the index, which is the pinned, the given or an accepted one. Refuses `verify.other-index-key`, `trust.other-index`, `trust.first-contact`,
 * `trust.index-key-changed`, and `index-key.…` for a change that is none.
 */
export async function requireIndexKey(presented: Presented, held: Held): Promise<MetIndex> {
  const { address, name, certificate } = presented;
  const { pin, given, now } = held;
  const served = await readIndexKey(certificate, now);
  const found = served.facts.primary;
  if (pin && pin.index !== name) throw refuse('trust.other-index', { address, expected: pin.index, found: name });
  const known = [given.indexKey, pin?.indexKey ?? null].filter((key) => key !== null);
  for (const from of new Set(known)) if (from !== found) await requireLed(presented, from, { found, held });
  if (!pin && !isGiven(held)) await requireCompared(presented, found, held);
  return { key: await mergedWith(pin, served, now), name };
}

type Found = { found: Fingerprint; held: Held };

/** A chain of changes leads from the trusted key to the one that signed, each signed by both keys, and somebody accepts that. */
async function requireLed(
  { address, name, read }: Presented,
  from: Fingerprint,
  { found, held }: Found,
): Promise<void> {
  const steps = await changesBetween(read, { from, to: found }, { index: name, at: held.now, hashing });
  if (steps === null) throw refuse('verify.other-index-key', { expected: from, found });
  const shows = [
    `The index “${name}” at ${address} signs with another key: ${found} instead of ${from}.`,
    ...steps.map(({ rotation }) => `  ${rotation.date}: ${rotation.old} vouches for ${rotation.new}`),
    `Given on the command line: --index-key ${found}`,
  ];
  if (held.given.indexKey === found) return;
  const asks = 'Do you accept the new key?';
  await requireYes(held, { shows, asks }, () => refuse('trust.index-key-changed', { address, shows }));
}

/** The certificate is a target of TUF: whoever gave the root has given the key. */
const isGiven = ({ given, root }: Held): boolean => given.indexKey !== null || (given.root !== null && root !== null);

function requireCompared({ address, name }: Presented, found: Fingerprint, held: Held): Promise<void> {
  const shows = [
    `First contact with the index “${name}” at ${address}.`,
    `It signs with the key ${found}.`,
    ...(held.root ? [`Its TUF root ${held.root.version} has the SHA-256 ${held.root.sha256}.`] : []),
    `Given on the command line: --index-key ${found}${held.root ? ` or --root-fingerprint ${held.root.sha256}` : ''}`,
  ];
  const asks = 'Is that the key that its operators name elsewhere?';
  return requireYes(held, { shows, asks }, () => refuse('trust.first-contact', { address, shows }));
}

/** What was revoked once stays revoked, whatever the index serves now. */
async function mergedWith(pin: IndexPin | null, served: IndexKey, now: number): Promise<IndexKey> {
  const known = pin?.certificates[served.facts.primary];
  if (known === undefined) return served;
  const kept = await readCertificate(Buffer.from(known), now);
  const { facts, bytes } = await mergeCertificates(kept.bytes, served.bytes);
  return { facts, bytes };
}

/** List and record are signed by the index. */
export async function requireCountersigned({ list, record }: CollectedRelease, { key }: MetIndex): Promise<void> {
  await requireIndexSignature({ what: 'The release list', ...list.document }, key, hashing);
  await requireIndexSignature({ what: 'The release record', ...record.document }, key, hashing);
}

// Certificates of the rows, parsed once: parsing costs milliseconds, a draft page needs a dozen. The cache is keyed by the
// bytes themselves, so a newer certificate is never answered with older facts. Trusts rows only as far as lib/pgp reads them.
import type { Fingerprint } from '#lib/core/ids.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readKeyFacts } from '#lib/pgp/read-key-facts.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

export type KeyRing = {
  facts: ReadonlyMap<Fingerprint, KeyFacts>;
  certificates: Uint8Array[];
};

const cachedMost = 5000;
const cache = new Map<string, Promise<KeyFacts>>();

/** The facts of a stored certificate. */
export function factsOf(certificate: Uint8Array): Promise<KeyFacts> {
  const id = sha256Hex(certificate);
  const known = cache.get(id);
  if (known) return known;
  const [oldest] = cache.keys();
  if (cache.size >= cachedMost && oldest !== undefined) cache.delete(oldest);
  const facts = readKeyFacts(certificate);
  cache.set(id, facts);
  // A fault is told to whoever asked; the next one asks again.
  facts.catch(() => cache.delete(id));
  return facts;
}

/** The ring of these keys, whoever they belong to. Keys that have no row are left out. */
export async function loadKeyRing(tx: Transaction, fingerprints: readonly Fingerprint[]): Promise<KeyRing> {
  const rows = await tx.key.findMany({ where: { fingerprint: { in: [...new Set(fingerprints)] } } });
  return ringOf(rows);
}

/** All keys of these people: proven ones, and unproven ones too, so that a signature by one gets the right sentence. */
export async function loadKeysOfPeople(tx: Transaction, names: readonly string[]): Promise<Fingerprint[]> {
  const rows = await tx.key.findMany({ where: { personName: { in: [...names] } }, select: { fingerprint: true } });
  return rows.map((row) => row.fingerprint as Fingerprint);
}

async function ringOf(rows: { certificate: Uint8Array }[]): Promise<KeyRing> {
  const facts = await Promise.all(rows.map((row) => factsOf(row.certificate)));
  return {
    facts: new Map(facts.map((fact) => [fact.primary, fact])),
    certificates: rows.map((row) => row.certificate),
  };
}

// The certificates of rows with their facts. lib/pgp remembers what it parsed by the bytes themselves, so a newer certificate is
// never answered with older facts. Rows are trusted only as far as lib/pgp reads them.
import type { Fingerprint } from '#lib/core/ids.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import { readKeyFacts } from '#lib/pgp/read-key-facts.ts';
import type { Key as KeyRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

export type KeyRing = { facts: ReadonlyMap<Fingerprint, KeyFacts>; certificates: Uint8Array[] };

/** The facts of one row: what its certificate says, and whether its person said that it is lost. */
export async function factsOfKeyRow({
  certificate,
  lostAt,
}: Pick<KeyRow, 'certificate' | 'lostAt'>): Promise<KeyFacts> {
  const facts = await readKeyFacts(certificate);
  return lostAt === null ? facts : { ...facts, lost: lostAt.getTime() };
}

/** The ring of these keys, whoever they belong to. Keys that have no row are left out. */
export async function loadKeyRing(tx: Transaction, fingerprints: readonly Fingerprint[]): Promise<KeyRing> {
  const rows = await tx.key.findMany({ where: { fingerprint: { in: [...new Set(fingerprints)] } } });
  const facts = await Promise.all(rows.map(factsOfKeyRow));
  return {
    facts: new Map(facts.map((fact) => [fact.primary, fact])),
    certificates: rows.map((row) => row.certificate),
  };
}

/** All keys of these people: proven ones, and unproven ones too, so that a signature by one gets the right sentence. */
export async function loadKeysOfPeople(tx: Transaction, names: readonly string[]): Promise<Fingerprint[]> {
  const rows = await tx.key.findMany({ where: { personName: { in: [...names] } }, select: { fingerprint: true } });
  return rows.map((row) => row.fingerprint as Fingerprint);
}

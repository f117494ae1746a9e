// Every signing-capable fingerprint belongs to one key of one person of the instance; a key that nobody proved holds no place. Called inside a change, with facts that lib/pgp read.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName } from '#lib/core/ids.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import type { Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';

/** The primary fingerprint is claimed too, even where it only certifies: it must not be somebody else's subkey. Refuses `key.of-another`. */
export async function claimSigningKeys(work: Change, facts: KeyFacts): Promise<void> {
  const wanted = new Set([facts.primary, ...facts.signing.map((signing) => signing.fingerprint)]);
  const rows = await work.tx.signingKey.findMany({ where: { fingerprint: { in: [...wanted] } } });
  if (rows.some((row) => row.keyFingerprint !== facts.primary)) throw refuse('key.of-another', {});
  const fresh = [...wanted].filter((fingerprint) => !rows.some((row) => row.fingerprint === fingerprint));
  const data = fresh.map((fingerprint) => ({ fingerprint, keyFingerprint: facts.primary }));
  await orTaken(work.tx.signingKey.createMany({ data }), () => refuse('key.of-another', {}));
}

/**
 * Certificates are public, so anybody can add somebody else's. As long as it is not proven that holds no place: whoever adds it
 * next gets it, and whoever proves it keeps it.
 */
export async function dropUnprovenOfOthers(work: Change, name: AccountName, facts: KeyFacts): Promise<void> {
  const { tx } = work;
  const claimed = [facts.primary, ...facts.signing.map((signing) => signing.fingerprint)];
  const holders = await tx.signingKey.findMany({ where: { fingerprint: { in: claimed } }, include: { key: true } });
  const dropped = new Map(
    holders
      .filter(({ key }) => key.state === 'unproven' && key.personName !== name)
      .map(({ key }) => [key.fingerprint, key]),
  );
  for (const key of dropped.values()) {
    await tx.keyChallenge.deleteMany({ where: { keyFingerprint: key.fingerprint } });
    await tx.signingKey.deleteMany({ where: { keyFingerprint: key.fingerprint } });
    await tx.key.delete({ where: { fingerprint: key.fingerprint } });
    await work.record('key.dropped', { person: key.personName as AccountName, details: { key: key.fingerprint } });
  }
}

// The people whom published policies name, and their keys, as rows: a policy without them could not be judged. A name that the rows do not know gets an account with the address that the operator gave for it: the index never
// publishes addresses. A key is as proven as the policy that names it. Called inside a change, with documents that core has decided.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, Fingerprint } from '#lib/core/ids.ts';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { readKeyFacts } from '#lib/pgp/read-key-facts.ts';
import type { Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { claimSigningKeys, dropUnprovenOfOthers } from '#lib/server/judge/claim-keys.ts';
import type { MailAddress } from '#lib/server/mail/address.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { PublishedProject } from './published-project.ts';

export type Addresses = ReadonlyMap<AccountName, MailAddress>;

/** Those of the policies in force who would have no way to sign in: no address in rows, and none given. */
export async function peopleWithoutAddress(
  projects: readonly PublishedProject[],
  given: Addresses,
): Promise<AccountName[]> {
  const inForce = projects.flatMap(({ policies }) =>
    (policies.at(-1) ?? policies[0]).policy.people.map(({ name }) => name),
  );
  const rows = await runtime().db.address.findMany({
    where: { personName: { in: inForce } },
    select: { personName: true },
  });
  const known = new Set([...rows.map(({ personName }) => personName), ...given.keys()]);
  return [...new Set(inForce)].filter((name) => !known.has(name)).sort();
}

/** Everybody who stands in what the project published. Refuses `catch-up.address-taken`, `catch-up.disagrees`. */
export async function keepPeople(work: Change, published: PublishedProject, given: Addresses): Promise<void> {
  const named = published.policies.flatMap(({ policy }) => policy.people);
  const others = published.releases.flatMap(({ statement, records }) => [
    statement.openedBy,
    ...records.flatMap(({ signatures }) => signatures.map(({ person }) => person)),
  ]);
  for (const name of new Set([...named.map((person) => person.name), ...others])) await keepPerson(work, name, given);
  for (const { name, keys } of named)
    for (const key of keys) {
      const certificate = published.keyring.certificates.get(key);
      if (certificate) await keepKey(work, name, { key, certificate });
    }
}

async function keepPerson({ tx, now }: Change, name: AccountName, given: Addresses): Promise<void> {
  await tx.person.upsert({ where: { name }, create: { name, createdAt: now }, update: {} });
  const address = given.get(name);
  if (address === undefined || (await tx.address.count({ where: { personName: name } })) > 0) return;
  const row = { address, personName: name, verifiedAt: now, isPrimary: true };
  await orTaken(tx.address.create({ data: row }), () => refuse('catch-up.address-taken', { address }));
}

async function keepKey(
  work: Change,
  name: AccountName,
  given: { key: Fingerprint; certificate: Uint8Array },
): Promise<void> {
  const { tx, now } = work;
  const { key: fingerprint } = given;
  await lockRow(tx, 'Key', fingerprint);
  const facts = await readKeyFacts(given.certificate);
  await dropUnprovenOfOthers(work, name, facts);
  const row = await tx.key.findUnique({ where: { fingerprint } });
  if (row && row.personName !== name)
    throw refuse('catch-up.disagrees', {
      what: `key ${fingerprint} is of ${row.personName} here, and of ${name} there`,
    });
  const { bytes } = row ? await mergeCertificates(row.certificate, given.certificate) : { bytes: given.certificate };
  const certificate = new Uint8Array(bytes);
  const active = { state: 'active', provenAt: now };
  await tx.key.upsert({
    where: { fingerprint },
    create: { fingerprint, personName: name, certificate, createdAt: now, ...active },
    update: { certificate, ...(row?.state === 'unproven' && active) },
  });
  await claimSigningKeys(work, await readKeyFacts(certificate));
}

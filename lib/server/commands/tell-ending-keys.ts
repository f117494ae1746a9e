// For jobs: proven keys that end within 30, 14, 7 or 3 days. The person and the owners of the projects that name the key are told once for each
// end and horizon; a row remembers it, so a second run, or two at once, tells nobody twice. An extended key begins anew.
import { keyEndsAt, noticeDue } from '#lib/core/key-end.ts';
import { readAccountName } from '#lib/core/ids.ts';
import { isUsableKey } from '#lib/core/key.ts';
import { change, type Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { factsOfKeyRow } from '#lib/server/judge/key-ring.ts';
import { loadPoliciesNaming, ownersOfAll } from '#lib/server/judge/projects-of-key.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { keyExpiringLetter } from '#lib/server/mail/letters/key-expiring.ts';
import { runtime } from '#lib/server/runtime.ts';

const day = 86_400_000;

type Due = { fingerprint: string; endsAt: Date; horizonDays: number };

/** How many notices went out. Only the jobs program calls it: it has no actor but `jobs`. */
export async function tellEndingKeys(): Promise<{ told: number }> {
  const { db, clock } = runtime();
  const now = clock.now().getTime();
  const rows = await db.key.findMany({ where: { state: 'active' }, include: { notices: true } });
  let told = 0;
  for (const row of rows) {
    const facts = await factsOfKeyRow(row);
    const endsAt = isUsableKey(facts, now) ? keyEndsAt(facts) : null;
    const heard = row.notices
      .filter((notice) => notice.endsAt.getTime() === endsAt)
      .map((notice) => notice.horizonDays);
    const horizonDays = noticeDue(endsAt, heard, now);
    if (endsAt === null || horizonDays === null) continue;
    const due = { fingerprint: row.fingerprint, endsAt: new Date(endsAt), horizonDays };
    if (await change({ kind: 'jobs' }, 'jobs', (work) => tell(work, due)).catch(ifTold)) told += 1;
  }
  return { told };
}

/** Thrown inside the change, so that a run that comes second leaves nothing behind. */
class AlreadyTold extends Error {}

function ifTold(fault: unknown): false {
  if (fault instanceof AlreadyTold) return false;
  throw fault;
}

async function tell(work: Change, { fingerprint, endsAt, horizonDays }: Due): Promise<true> {
  const { tx, now } = work;
  await lockRow(tx, 'Key', fingerprint);
  const mark = { keyFingerprint: fingerprint, horizonDays, endsAt };
  if ((await tx.keyNotice.count({ where: mark })) > 0) throw new AlreadyTold();
  await tx.keyNotice.create({ data: { ...mark, toldAt: now } });
  const row = await tx.key.findUniqueOrThrow({ where: { fingerprint } });
  const { primary: key } = await factsOfKeyRow(row);
  const person = readAccountName(row.personName);
  const naming = await loadPoliciesNaming(tx, person, key);
  const days = Math.ceil((endsAt.getTime() - now.getTime()) / day);
  await work.record('key.expiring', { person, details: { key, days, endsAt: endsAt.toISOString() } });
  await tellPeople(work, [person, ...ownersOfAll(naming)], (reader) =>
    keyExpiringLetter({ person, key, endsAt, days, reader, projects: naming.map(({ project }) => project) }),
  );
  return true;
}

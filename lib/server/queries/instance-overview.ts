// How the instance stands, for whoever runs it, in one look: what the doctor would find that needs no question to others, how fresh the index is, and when each step of jobs last ran.
// Its address is the secret; nothing of a project stands in it.
import { runtime } from '#lib/server/runtime.ts';
import { broken, good, note, warning, type DoctorFinding } from '#lib/server/doctor/finding.ts';
import { checkServer, checkWork, type Reading } from '#lib/server/doctor/rows.ts';
import { checkFolder, checkIndexKey, checkRoot, checkSettings, checkStorage } from '#lib/server/doctor/surroundings.ts';
import { freshness } from '#lib/server/handoff/freshness.ts';
import { requireOperator } from '#lib/server/mail/operator.ts';

export type StepLine = { step: string; ranAt: Date | null; ms: number; fault: string | null };
export type InstanceOverview = { findings: DoctorFinding[]; steps: StepLine[] };

/** @throws `operator.not-found` */
export async function instanceOverview(secret: string): Promise<InstanceOverview> {
  requireOperator(secret);
  const { db, config, clock, files } = runtime();
  const now = clock.now();
  const script: Reading = { rows: (sql, values = []) => db.$queryRawUnsafe(sql, ...values) };
  const findings = [
    ...(await checkWork(script, now)),
    await sayFreshness(),
    await checkStorage(config, files),
    ...(await checkServer(script, now)),
    ...(await checkFolder(config)),
    await checkIndexKey(config, now),
    await checkRoot(config),
    ...checkSettings(config),
  ];
  const steps = await db.jobStep.findMany({ orderBy: { name: 'asc' } });
  return { findings, steps: steps.map(({ name, ranAt, ms, fault }) => ({ step: name, ranAt, ms, fault })) };
}

async function sayFreshness(): Promise<DoctorFinding> {
  const found = await freshness();
  if (found === null) return note('freshness', 'The countersigner has not signed an index yet.');
  const says = `Signed as fresh at ${found.signedAt.toISOString().slice(0, 16)}Z, good until ${found.endsAt.toISOString().slice(0, 16)}Z.`;
  const remedy =
    'Look whether the countersigner runs and reaches this address: “countersigner status” on its machine says more.';
  if (found.state === 'fresh') return good('freshness', says);
  return found.state === 'late' ? warning('freshness', says, remedy) : broken('freshness', says, remedy);
}

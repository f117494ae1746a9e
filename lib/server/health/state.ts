// How the instance stands, from its rows, the same whichever process is asked: what waits and for how long, whether the countersigner is heard of and the index is
// fresh, when each step of jobs last ran. For /metrics, the operator's page and `npm run doctor`. Counts and times only: nobody's name, nothing of a project.
import { after } from '#lib/server/clock.ts';
import { freshness, type Freshness } from '#lib/server/handoff/freshness.ts';
import { runtime } from '#lib/server/runtime.ts';

export type Waiting = { count: number; oldestAt: Date | null };
export type StepRun = { step: string; ranAt: Date | null; ms: number; failedAt: Date | null; fault: string | null };

export type InstanceState = {
  at: Date;
  mail: Waiting & { givenUp: number; sentLastHour: number; delaySeconds: { half: number; most: number } | null };
  webhooks: Waiting & { givenUp: number };
  handbacks: Waiting;
  drafts: Record<string, number>;
  countersignerSeenAt: Date | null;
  freshness: Freshness | null;
  steps: StepRun[];
};

const hour = 3_600_000;

/** Reads all of it; a few quick questions. */
export async function instanceState(): Promise<InstanceState> {
  const { db, clock } = runtime();
  const at = clock.now();
  const contact = await db.countersignerContact.findUnique({ where: { id: 1 } });
  const drafts = await db.draft.groupBy({ by: ['state'], _count: true });
  const steps = await db.jobStep.findMany({ orderBy: { name: 'asc' } });
  return {
    at,
    mail: await mailState(at),
    webhooks: await webhookState(),
    handbacks: await waitingHandbacks(),
    drafts: Object.fromEntries(drafts.map(({ state, _count }) => [state, _count])),
    countersignerSeenAt: contact?.seenAt ?? null,
    freshness: await freshness(),
    steps: steps.map(({ name, ...rest }) => ({ step: name, ...rest })),
  };
}

async function mailState(at: Date): Promise<InstanceState['mail']> {
  const { db } = runtime();
  const due = await db.mail.aggregate({
    where: { sentAt: null, failedAt: null, nextAt: { lte: at } },
    _count: true,
    _min: { createdAt: true },
  });
  const givenUp = await db.mail.count({ where: { failedAt: { not: null } } });
  const [sent] = await db.$queryRaw<{ count: number; half: number | null; most: number | null }[]>`
    SELECT count(*)::int AS "count",
      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM "sentAt" - "createdAt"))::float8 AS "half",
      max(extract(epoch FROM "sentAt" - "createdAt"))::float8 AS "most"
    FROM "Mail" WHERE "sentAt" > ${after(at, -hour)}`;
  const [half, most] = [sent?.half ?? null, sent?.most ?? null];
  const delaySeconds = half === null || most === null ? null : { half, most };
  return {
    ...{ count: due._count, oldestAt: due._min.createdAt, givenUp, sentLastHour: sent?.count ?? 0, delaySeconds },
  };
}

async function webhookState(): Promise<InstanceState['webhooks']> {
  const { db } = runtime();
  const waits = await db.webhookMessage.aggregate({
    where: { deliveredAt: null, givenUpAt: null },
    _count: true,
    _min: { createdAt: true },
  });
  const givenUp = await db.webhookMessage.count({ where: { givenUpAt: { not: null } } });
  return { count: waits._count, oldestAt: waits._min.createdAt, givenUp };
}

async function waitingHandbacks(): Promise<Waiting> {
  const waits = await runtime().db.handback.aggregate({
    where: { state: 'posted' },
    _count: true,
    _min: { postedAt: true },
  });
  return { count: waits._count, oldestAt: waits._min.postedAt };
}

// What /metrics says (docs/formats/metrics.md): what this process counted, and how the instance stands by its rows. Whoever shows the token of the
// settings reads it.
import { Gauge, Registry } from 'prom-client';
import { createHash, timingSafeEqual } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { metricsText } from '#lib/server/metrics.ts';
import { programVersion } from '#lib/server/program-version.ts';
import { runtime } from '#lib/server/runtime.ts';
import { instanceState, type InstanceState, type Waiting } from './state.ts';

/** Refuses (`metrics.wrong-token`) an Authorization header (hostile) that does not carry this token; in constant time. */
export function requireMetricsToken(token: string, authorization: string | undefined): void {
  const shown = /^Bearer ([\x21-\x7e]{1,500})$/.exec(authorization ?? '')?.[1] ?? '';
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(shown), digest(token))) throw refuse('metrics.wrong-token', {});
}

/** Both halves in the text format of Prometheus. */
export async function allMetrics(): Promise<string> {
  const registry = new Registry();
  gaugesOf(await instanceState(), registry);
  return `${await metricsText()}\n${await registry.metrics()}`;
}

const ageIn = (at: Date, then: Date | null): number =>
  then === null ? 0 : Math.max(0, (at.getTime() - then.getTime()) / 1000);

type Values = readonly (readonly [label: string, value: number])[];
type Set = (name: string, help: string, values: number | readonly [label: string, Values]) => void;

function gaugesOf(state: InstanceState, registry: Registry): void {
  const set: Set = (name, help, values) => {
    const options = { name: `countersign_${name}`, help, registers: [registry] };
    if (typeof values === 'number') return new Gauge(options).set(values);
    const [label, pairs] = values;
    const gauge = new Gauge({ ...options, labelNames: [label] });
    for (const [value, number] of pairs) gauge.set({ [label]: value }, number);
  };
  set('build_info', 'Version and database', ['version', [[`${programVersion()} ${runtime().databaseKind}`, 1]]]);
  queues(state, set);
  set('drafts', 'Drafts and releases', ['state', Object.entries(state.drafts)]);
  countersigner(state, set);
  steps(state, set);
}

function queues({ at, mail, webhooks, handbacks }: InstanceState, set: Set): void {
  const all: [string, Waiting][] = [
    ['mail', mail],
    ['webhooks', webhooks],
    ['handbacks', handbacks],
  ];
  const counts = all.map(([queue, { count }]) => [queue, count] as const);
  const ages = all.map(([queue, { oldestAt }]) => [queue, ageIn(at, oldestAt)] as const);
  const givenUp: Values = [
    ['mail', mail.givenUp],
    ['webhooks', webhooks.givenUp],
  ];
  const delays: Values = [
    ['half', mail.delaySeconds?.half ?? 0],
    ['most', mail.delaySeconds?.most ?? 0],
  ];
  set('waiting', 'What is due and not done yet', ['queue', counts]);
  set('oldest_seconds', 'Age of the oldest that is due; 0: none is', ['queue', ages]);
  set('given_up', 'What was given up and is still kept', ['queue', givenUp]);
  set('mail_sent_last_hour', 'Mails sent within the last hour', mail.sentLastHour);
  set('mail_delay_seconds', 'From queued to sent, within the last hour', ['of', delays]);
}

function countersigner({ at, countersignerSeenAt, freshness }: InstanceState, set: Set): void {
  if (countersignerSeenAt)
    set('countersigner_seen_seconds', 'Since the countersigner was heard of', ageIn(at, countersignerSeenAt));
  if (!freshness) return;
  const leftMs = freshness.endsAt.getTime() - at.getTime();
  set('index_signed_seconds', 'Since the index was signed as fresh', ageIn(at, freshness.signedAt));
  set('index_ends_seconds', 'Until clients refuse the index', leftMs / 1000);
}

function steps({ at, steps: rows }: InstanceState, set: Set): void {
  const ran = rows.flatMap(({ step, ranAt }) => (ranAt === null ? [] : [[step, ageIn(at, ranAt)] as const]));
  const failing = rows.map(({ step, failedAt }) => [step, failedAt === null ? 0 : 1] as const);
  set('job_step_seconds', 'Since the step last ran to its end', ['step', ran]);
  set('job_step_failing', 'Whether the step failed since it last ran to its end', ['step', failing]);
}

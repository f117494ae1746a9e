// What programs are told of a project and may ask of it: its webhooks, with how they stand and the log of what was sent, and its tokens. Webhooks are
// the owners' business, with their whole addresses; a maintainer sees tokens of their own. No secret is shown: none is stored.
import { readAccountName, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import { isFresh, may, type Actor } from '#lib/core/people.ts';
import type { Prisma } from '#lib/server/db/generated/client.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { tokenState, type ProjectTokenKind, type TokenState } from '#lib/server/judge/token.ts';
import { findWebhook } from '#lib/server/judge/webhook.ts';
import { runtime } from '#lib/server/runtime.ts';
import { eventGroups, eventsIn, usualEvents, type EventGroup } from '#lib/server/webhooks/events.ts';
import { projectFeedPath } from './feeds.ts';

type MessageState = 'delivered' | 'given-up' | 'waiting';

export type WebhookRow = {
  id: string;
  url: string;
  events: number;
  /** Since when, and why, nothing is sent; null: it runs. */
  stopped: { at: Date; why: string } | null;
  /** What became of the message that was queued last. */
  last: { event: string; state: MessageState; at: Date } | null;
};

export type TokenRow = {
  id: string;
  name: string;
  madeBy: AccountName;
  createdAt: Date;
  expiresAt: Date;
  kind: ProjectTokenKind;
  /** To the hour; null: not yet. */
  lastUsedAt: Date | null;
  state: TokenState;
};

export type ProgramsPage = {
  project: ProjectName;
  /** null: the reader is no owner. */
  webhooks: WebhookRow[] | null;
  tokens: TokenRow[];
  feed: string;
  /** What a webhook can be told, and what most are. */
  eventGroups: readonly EventGroup[];
  usualEvents: readonly string[];
  isFresh: boolean;
};

/** Refuses `person.…`, `project.not-found`. */
export async function programsPage(actor: Actor, claimed: string): Promise<ProgramsPage> {
  const { db, clock } = runtime();
  const { project, name, role } = await requireRight(db, actor, 'token.make', claimed);
  const isOwner = may(role, 'webhook.manage');
  return {
    project: project.name,
    webhooks: isOwner ? await loadWebhooks(project.name) : null,
    tokens: await loadTokens({ projectName: project.name, ...(isOwner ? {} : { madeBy: name }) }),
    feed: projectFeedPath(project.name),
    ...{ eventGroups, usualEvents },
    isFresh: isFresh(actor, clock.now().getTime()),
  };
}

async function loadWebhooks(projectName: ProjectName): Promise<WebhookRow[]> {
  const rows = await runtime().db.webhook.findMany({
    where: { projectName },
    include: { messages: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: 1 } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map((row) => {
    const [last] = row.messages;
    return {
      ...{ id: row.id, url: row.url, events: eventsIn(row.events).length, stopped: stoppedOf(row) },
      last: last ? { event: last.event, state: stateOf(last), at: last.createdAt } : null,
    };
  });
}

type Stopped = { stoppedAt: Date | null; stoppedWhy: string | null };
const stoppedOf = ({ stoppedAt, stoppedWhy }: Stopped): WebhookRow['stopped'] =>
  stoppedAt === null ? null : { at: stoppedAt, why: stoppedWhy ?? '' };

function stateOf({ deliveredAt, givenUpAt }: { deliveredAt: Date | null; givenUpAt: Date | null }): MessageState {
  if (deliveredAt !== null) return 'delivered';
  return givenUpAt === null ? 'waiting' : 'given-up';
}

/** The tokens of a project that the actor may revoke: an owner all, others their own. Refuses `person.…`, `token.…`, `project.not-found`. */
export async function projectTokens(actor: Actor, claimed: string): Promise<TokenRow[]> {
  const { project, name, role } = await requireRight(runtime().db, actor, 'token.revoke', claimed);
  return loadTokens({ projectName: project.name, ...(role === 'owner' ? {} : { madeBy: name }) });
}

async function loadTokens(where: Prisma.ProjectTokenWhereInput): Promise<TokenRow[]> {
  const { db, clock } = runtime();
  const rows = await db.projectToken.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] });
  return rows.map(({ id, name, madeBy, createdAt, kind, lastUsedAt, ...times }) => ({
    ...{ id, name, madeBy: readAccountName(madeBy), createdAt, expiresAt: times.expiresAt, lastUsedAt },
    kind: kind === 'upload' ? 'upload' : 'status',
    state: tokenState(times, clock.now()),
  }));
}

type AttemptLine = {
  id: string;
  at: Date;
  ms: number;
  headers: [name: string, value: string][];
  status: number | null;
  /** What came back, or what went wrong: hostile text. */
  response: string | null;
  fault: string | null;
};

type MessageLine = {
  id: string;
  event: string;
  body: string;
  createdAt: Date;
  state: MessageState;
  /** Of one that waits: when it is tried next. */
  nextAt: Date;
  attempts: AttemptLine[];
};

export type WebhookPage = {
  project: ProjectName;
  id: string;
  url: string;
  host: string;
  events: string[];
  eventGroups: readonly EventGroup[];
  createdBy: string;
  createdAt: Date;
  stopped: WebhookRow['stopped'];
  /** Which secrets sign now, the newest first. */
  secrets: { id: string; createdBy: string; createdAt: Date; endsAt: Date | null }[];
  messages: MessageLine[];
  isFresh: boolean;
};

const messagesMost = 30;

/** Refuses `person.…`, `project.not-found`, `webhook.not-found`. */
export async function webhookPage(actor: Actor, claimed: string, id: string): Promise<WebhookPage> {
  const { db, clock } = runtime();
  const { project } = await requireRight(db, actor, 'webhook.manage', claimed);
  const row = await findWebhook(db, project.name, id);
  const secrets = await db.webhookSecret.findMany({
    where: { webhookId: id, OR: [{ endsAt: null }, { endsAt: { gt: clock.now() } }] },
    select: { id: true, createdBy: true, createdAt: true, endsAt: true },
    orderBy: [{ currentSlot: 'asc' }, { createdAt: 'desc' }],
  });
  const { url, createdBy, createdAt } = row;
  return {
    ...{ project: project.name, id, url, host: new URL(url).host, createdBy, createdAt, secrets },
    ...{ eventGroups, events: eventsIn(row.events), stopped: stoppedOf(row), messages: await loadMessages(id) },
    isFresh: isFresh(actor, clock.now().getTime()),
  };
}

async function loadMessages(webhookId: string): Promise<MessageLine[]> {
  const rows = await runtime().db.webhookMessage.findMany({
    where: { webhookId },
    include: { attempts: { orderBy: [{ at: 'desc' }, { id: 'asc' }] } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: messagesMost,
  });
  return rows.map(({ id, event, body, createdAt, nextAt, attempts, ...times }) => ({
    ...{ id, event, body, createdAt, nextAt, state: stateOf(times) },
    attempts: attempts.map(({ headers, ...attempt }) => ({ ...attempt, headers: headersIn(headers) })),
  }));
}

const headersIn = (row: unknown): [string, string][] =>
  Object.entries(typeof row === 'object' && row !== null ? row : {}).map(([name, value]) => [name, String(value)]);

// What an open page hears while it stays open: how many things wait for its reader, and how each draft stands that the reader has to do with.
// It is the state, never an event: whoever missed one message has everything with the next. The marks say whether something is other than
// what a page shows; they mean nothing else. Trusts the actor it is given, like the front page (needs.ts), of which it is a short form.
import type { AccountName, DraftId, ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { DraftState } from '#lib/core/release.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { DraftRow } from './draft-rows.ts';
import { happenedMost } from './home.ts';
import { countNeeds, needsOfPerson, type Needs } from './needs.ts';
import { newestEntries } from './newest-entries.ts';

/** A draft that is not over, as its page and the lists show it in short. */
export type InboxDraft = {
  id: DraftId;
  /** `sunrise 1.2.0` */
  name: string;
  revision: number;
  state: DraftState;
  signed: number;
  required: number;
  counted: AccountName[];
  needsMe: boolean;
  /** Another one as soon as something about the draft is. */
  mark: string;
};

export type Inbox = {
  person: AccountName;
  /** How many things wait for the person's signature. */
  count: number;
  drafts: InboxDraft[];
  /** Another one as soon as something is that the front page shows. */
  mark: string;
};

/** The same, and the projects whose changes can change it; those stay on the server. */
export type OpenInbox = { inbox: Inbox; projects: readonly ProjectName[] };

/** Refuses `person.sign-in-first`. */
export async function openInbox(actor: Actor): Promise<OpenInbox> {
  const needs = await needsOfPerson(actor);
  return { inbox: await inboxOf(needs), projects: needs.projects };
}

/** The short form of what was asked already. */
export async function inboxOf(needs: Needs): Promise<Inbox> {
  const { person, projects, needsMe, waitingForOthers } = needs;
  const rows = [...needsMe.drafts, ...waitingForOthers.drafts];
  const newest = await newestOfDrafts(rows.map(({ id }) => id));
  const happened = await newestEntries(runtime().db, person, projects, happenedMost);
  const drafts = rows.map((row) => asInboxDraft(row, newest.get(row.id)));
  const mark = markOf([needsMe, waitingForOthers, projects, happened, drafts]);
  return { person, count: countNeeds(needs), drafts, mark };
}

/** The newest entry of history of each draft: files and declines change no number of the row. */
async function newestOfDrafts(drafts: DraftId[]): Promise<Map<string | null, bigint | null>> {
  const where = { draftId: { in: drafts } };
  const rows = await runtime().db.historyEntry.groupBy({ by: ['draftId'], where, _max: { id: true } });
  return new Map(rows.map(({ draftId, _max }) => [draftId, _max.id]));
}

function asInboxDraft(row: DraftRow, newest: bigint | null | undefined): InboxDraft {
  const { id, project, version, revision, state, signed, required, counted, needsMe } = row;
  return {
    ...{ id, name: `${project} ${version}`, revision, state, signed, required, counted, needsMe },
    mark: markOf([row, newest]),
  };
}

/** Equal facts, equal mark; it can be compared and not be read. */
function markOf(facts: unknown): string {
  const text = JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return sha256Hex(new TextEncoder().encode(text)).slice(0, 16);
}

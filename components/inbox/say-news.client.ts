'use client';
// What changed between two states of the inbox, in words for a screen reader. What the reader did themselves is not news to them.

import type { Inbox, InboxDraft } from '#lib/browser/follow-inbox.ts';

/** A few short sentences; empty where nothing is worth saying. */
export function sayNews(before: Inbox, after: Inbox): string {
  const known = new Map(before.drafts.map((draft) => [draft.id, draft]));
  const drafts = after.drafts.flatMap((draft) => sayDraft(known.get(draft.id), draft, after.person));
  return [...drafts, ...(before.count === after.count ? [] : [sayCount(after.count)])].join(' ');
}

/** How many things wait, as a sentence. */
export function sayCount(count: number): string {
  if (count === 0) return 'Nothing needs your signature.';
  return count === 1 ? 'One thing needs your signature.' : `${count} things need your signature.`;
}

function sayDraft(before: InboxDraft | undefined, after: InboxDraft, reader: string): string[] {
  const { name, revision, counted, signed, required, needsMe } = after;
  if (before === undefined) return needsMe ? [`${name} is new and needs your signature.`] : [];
  if (before.revision !== revision) return [`The files of ${name} changed: it is revision ${revision} now.`];
  const others = counted.filter((person) => person !== reader && !before.counted.includes(person));
  return others.length === 0 ? [] : [`${others.join(' and ')} signed ${name}: ${signed} of ${required}.`];
}

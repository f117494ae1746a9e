// What waits for the person who asks: for the count in title and navigation of every page, and with the rest of it for the front page; asked
// once a request.

import 'server-only';
import { cache } from 'react';
import { home, type Home } from '#lib/server/queries/home.ts';
import { inboxOf, type Inbox } from '#lib/server/queries/inbox.ts';
import { needsOfPerson, type Needs } from '#lib/server/queries/needs.ts';
import { currentActor } from './session.ts';

/** null for a visitor. */
export const currentNeeds = cache(async (): Promise<Needs | null> => {
  const actor = await currentActor();
  return actor.kind === 'person' ? needsOfPerson(actor) : null;
});

/** The same as the page hears of it while it is open; null for a visitor. */
export const currentInbox = cache(async (): Promise<Inbox | null> => {
  const needs = await currentNeeds();
  return needs === null ? null : inboxOf(needs);
});

/** null for a visitor. */
export const currentHome = cache(async (): Promise<Home | null> => {
  const needs = await currentNeeds();
  return needs === null ? null : home(await currentActor(), needs);
});

// What waits for the person who asks: for the count in the navigation of every page, and with the rest of it for the front page; asked once
// a request.

import 'server-only';
import { cache } from 'react';
import { home, type Home } from '#lib/server/queries/home.ts';
import { needsOfPerson, type Needs } from '#lib/server/queries/needs.ts';
import { currentActor } from './session.ts';

/** null for a visitor. */
export const currentNeeds = cache(async (): Promise<Needs | null> => {
  const actor = await currentActor();
  return actor.kind === 'person' ? needsOfPerson(actor) : null;
});

/** null for a visitor. */
export const currentHome = cache(async (): Promise<Home | null> => {
  const needs = await currentNeeds();
  return needs === null ? null : home(await currentActor(), needs);
});

/** How many things wait for this person's signature. */
export const countNeeds = ({ needsMe }: Pick<Needs, 'needsMe'>): number =>
  needsMe.drafts.length + needsMe.policies.length;

// What waits for the person who asks: for the front page and for the count in the navigation of every page; asked once a request.

import 'server-only';
import { cache } from 'react';
import { home, type Home } from '#lib/server/queries/home.ts';
import { currentActor } from './session.ts';

/** null for a visitor. */
export const currentHome = cache(async (): Promise<Home | null> => {
  const actor = await currentActor();
  return actor.kind === 'person' ? home(actor) : null;
});

/** How many things wait for this person's signature. */
export const countNeeds = ({ needsMe }: Home): number => needsMe.drafts.length + needsMe.policies.length;

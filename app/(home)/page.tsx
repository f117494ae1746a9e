// The front page: for a visitor what this is, for a signed-in person what needs them. The count of it stands in the title.

import { cache } from 'react';
import type { Metadata } from 'next';
import { currentActor } from '#lib/next/session.ts';
import { load } from '#lib/next/load.ts';
import { accountKeys } from '#lib/server/queries/account-keys.ts';
import { home } from '#lib/server/queries/home.ts';
import { Desk } from './desk.tsx';
import { Welcome } from './welcome.tsx';

const loadHome = cache(async () => {
  const actor = await currentActor();
  if (actor.kind !== 'person') return null;
  const [found, keys] = await load('/', () => Promise.all([home(actor), accountKeys(actor)]));
  return { ...found, keys: keys.length };
});

export async function generateMetadata(): Promise<Metadata> {
  const found = await loadHome();
  const waiting = found === null ? 0 : found.needsMe.drafts.length + found.needsMe.policies.length;
  return { title: { absolute: waiting === 0 ? 'Countersign' : `(${waiting}) Countersign` } };
}

export default async function HomePage() {
  const found = await loadHome();
  return found === null ? <Welcome /> : <Desk home={found} keys={found.keys} />;
}

// The front page: for a visitor what this is, for a signed-in person what needs them. The count of it stands in the title.

import { cache } from 'react';
import type { Metadata } from 'next';
import { countNeeds, currentHome } from '#lib/next/home.ts';
import { currentActor } from '#lib/next/session.ts';
import { accountKeys } from '#lib/server/queries/account-keys.ts';
import { Desk } from './desk.tsx';
import { Welcome } from './welcome.tsx';

const loadDesk = cache(async () => {
  const [home, actor] = await Promise.all([currentHome(), currentActor()]);
  return home === null ? null : { home, keys: (await accountKeys(actor)).length };
});

export async function generateMetadata(): Promise<Metadata> {
  const home = await currentHome();
  const waiting = home === null ? 0 : countNeeds(home);
  return { title: { absolute: waiting === 0 ? 'Countersign' : `(${waiting}) Countersign` } };
}

export default async function HomePage() {
  const desk = await loadDesk();
  return desk === null ? <Welcome /> : <Desk {...desk} />;
}

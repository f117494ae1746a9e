// The front page: for a visitor what this is, for a signed-in person what needs them. The count of it stands in the title.

import type { Metadata } from 'next';
import { countNeeds, currentHome, currentNeeds } from '#lib/next/home.ts';
import { Desk } from './desk.tsx';
import { Welcome } from './welcome.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const needs = await currentNeeds();
  const waiting = needs === null ? 0 : countNeeds(needs);
  return { title: { absolute: waiting === 0 ? 'Countersign' : `(${waiting}) Countersign` } };
}

export default async function HomePage() {
  const home = await currentHome();
  return home === null ? <Welcome /> : <Desk home={home} />;
}

// The rules of a project: one version of them, or without a number the change that is open, else the policy in force.

import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { policyPage } from '#lib/server/queries/policy-page.ts';
import { PolicyView } from './policy-view.tsx';

type Props = { params: Promise<{ name: string; version?: string[] }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, version } = await params;
  return { title: version === undefined ? `Policy of ${name}` : `Policy ${version.join('/')} of ${name}` };
}

export default async function PolicyOfProjectPage({ params }: Props) {
  const { name, version } = await params;
  const here = ['/projects', name, 'policy', ...(version ?? [])].join('/');
  const page = await load(here, async () => policyPage(await currentActor(), name, readVersion(version)));
  return <PolicyView page={page} />;
}

function readVersion(parts: string[] | undefined): number | undefined {
  if (parts === undefined) return undefined;
  const [version = ''] = parts;
  if (parts.length !== 1 || !/^[1-9][0-9]{0,5}$/.test(version)) notFound();
  return Number(version);
}

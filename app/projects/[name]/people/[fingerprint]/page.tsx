// One key of a project, to compare: the fingerprint that the policy in force names, or that somebody accepted their invitation with, in
// every form. A fingerprint that belongs to nobody here is not shown, so that no link can put a foreign key under this project's name.

import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { FingerprintForms, FingerprintSheet } from '#components/keys/fingerprint-sheet.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { readCompared, type Search } from '#lib/next/compared.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { keyHolder, peoplePage } from '#lib/server/queries/people-page.ts';
import { Confirm } from './confirm.tsx';

type Props = { params: Promise<{ name: string; fingerprint: string }>; searchParams: Promise<Search> };

export const metadata: Metadata = { title: 'Compare a fingerprint' };

export default async function ProjectKeyPage({ params, searchParams }: Props) {
  const { name, fingerprint } = await params;
  const here = `/projects/${name}/people/${fingerprint}`;
  const page = await load(here, async () => peoplePage(await currentActor(), name));
  const holder = keyHolder(page, fingerprint);
  if (holder === null) notFound();
  const people = `/projects/${page.project}/people`;
  return (
    <>
      <PageHeading
        title={`The key of ${holder.name}`}
        trail={[
          { href: `/projects/${page.project}`, label: page.project },
          { href: people, label: 'People and keys' },
        ]}
        lead={
          holder.accepted === null
            ? `The policy of ${page.project} names it. Compare it with what ${holder.name} gave you elsewhere, not with another page of this site.`
            : `${holder.name} accepted an invitation with it; no policy names it yet.`
        }
      />
      <ProjectNav project={page.project} />
      {holder.accepted === null ? null : (
        <Confirm project={page.project} holder={holder} accepted={holder.accepted} canConfirm={page.may.confirm} />
      )}
      {holder.accepted !== null && page.may.confirm ? (
        <FingerprintForms fingerprint={holder.key} whose={holder.name} />
      ) : (
        <FingerprintSheet
          fingerprint={holder.key}
          whose={holder.name}
          path={`${people}/${holder.key}`}
          pasted={readCompared(await searchParams)[holder.key]}
        />
      )}
    </>
  );
}

// The people of a project and their keys; for its owners, invitations by mail and the proposal that admits those who accepted.

import type { Metadata } from 'next';
import { PeopleTable } from '#components/people/people-table.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { readCompared, type Compared, type Search } from '#lib/next/compared.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { peoplePage, type PeoplePage } from '#lib/server/queries/people-page.ts';
import { Admit } from './admit.tsx';
import { Invitations } from './invitations.tsx';
import { Invite } from './invite.tsx';
import { NewKeys } from './new-keys.tsx';
import { RetireKeys } from './retire-keys.tsx';

type Props = { params: Promise<{ name: string }>; searchParams: Promise<Search> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `People of ${(await params).name}` };
}

export default async function PeopleOfProjectPage({ params, searchParams }: Props) {
  const { name } = await params;
  const here = `/projects/${name}/people`;
  const actor = await currentActor();
  const page = await load(here, () => peoplePage(actor, name));
  const { project, people } = page;
  return (
    <>
      <PageHeading
        title="People and keys"
        trail={[{ href: `/projects/${project}`, label: project }]}
        lead={leadOf(page)}
      />
      <ProjectNav project={project} />
      {!page.may.invite || isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Changing people" />}
      <Clause title="May sign">
        {people.length === 0 ? (
          <p>
            Sign <a href={`/projects/${project}/policy`}>policy 1</a> first; then you stand here.
          </p>
        ) : (
          <PeopleTable people={people} project={project} />
        )}
      </Clause>
      <Inside page={page} compared={readCompared(await searchParams)} />
    </>
  );
}

function leadOf({ policy }: PeoplePage): string {
  if (policy === null) return 'Nobody yet: the first policy waits for its signature.';
  return `By policy ${policy.version}, these people may sign; ${policy.threshold} of them must.`;
}

const nextVersion = ({ policy }: PeoplePage): number => (policy?.version ?? 0) + 1;

type InsideProps = { page: PeoplePage; compared: Compared };

/** What only people of the project see: invitations, and what waits for an owner. */
function Inside({ page, compared }: InsideProps) {
  const { project, people, invitations, newKeys, openPolicy, may } = page;
  const next = nextVersion(page);
  const accepted = (invitations ?? []).filter((invitation) => invitation.state === 'accepted');
  const canAdmit = may.propose && accepted.length > 0 && openPolicy === null;
  return (
    <>
      {invitations === null ? null : (
        <Invitations
          invitations={invitations.filter((row) => row.state !== 'admitted')}
          project={project}
          canRevoke={may.invite}
        />
      )}
      {canAdmit ? <Admit project={project} accepted={accepted} next={next} compared={compared} /> : null}
      <NewKeys project={project} keys={newKeys} next={next} />
      {may.propose ? <RetireKeys project={project} people={people} next={next} /> : null}
      <OpenChange project={project} version={openPolicy} />
      {may.invite ? <Invite project={project} look={canAdmit ? 'plain' : 'primary'} /> : null}
    </>
  );
}

function OpenChange({ project, version }: { project: string; version: number | null }) {
  if (version === null) return null;
  return (
    <p>
      <a href={`/projects/${project}/policy/${version}`}>Policy {version}</a> waits for signatures. It must be signed or
      withdrawn before the next change.
    </p>
  );
}

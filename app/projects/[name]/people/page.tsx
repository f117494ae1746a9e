// The people of a project and their keys: who may sign, who is on the way in, who left in good standing, who was struck, each with dates; and for its
// owners what can be changed: an invitation, a confirmed person, a key. Each change is a policy that people sign.

import type { Metadata } from 'next';
import { MailTroubleNotice } from '#components/mail/mail-trouble.tsx';
import { EndedPeople } from '#components/people/ended-people.tsx';
import { PeopleTable, type EndLink } from '#components/people/people-table.tsx';
import { WaitingChange } from '#components/policy/waiting-change.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { peoplePage, type PeoplePage } from '#lib/server/queries/people-page.ts';
import { Admit } from './admit.tsx';
import { Invitations } from './invitations.tsx';
import { Invite } from './invite.tsx';
import { NewKeys } from './new-keys.tsx';
import { RetireKeys } from './retire-keys.tsx';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `People of ${(await params).name}` };
}

export default async function PeopleOfProjectPage({ params }: Props) {
  const { name } = await params;
  const here = `/projects/${name}/people`;
  const actor = await currentActor();
  const page = await load(here, () => peoplePage(actor, name));
  const { project } = page;
  return (
    <>
      <PageHeading
        title="People and keys"
        trail={[{ href: `/projects/${project}`, label: project }]}
        lead={leadOf(page)}
      />
      <ProjectNav project={project} />
      {!page.may.invite || isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Changing people" />}
      <MailTroubleNotice troubles={page.mailTrouble} />
      <MaySign page={page} />
      <Invited page={page} />
      <Ended page={page} />
      <Changes page={page} />
    </>
  );
}

function leadOf({ policy }: PeoplePage): string {
  if (policy === null) return 'Nobody yet: the first policy waits for its signature.';
  return `By policy ${policy.version}, these people may sign; ${policy.threshold} of them must.`;
}

type PartProps = { page: PeoplePage };

function MaySign({ page }: PartProps) {
  const { project, people } = page;
  return (
    <Clause title="May sign">
      {people.length === 0 ? (
        <p>
          Sign <a href={`/projects/${project}/policy`}>policy 1</a> first; then you stand here.
        </p>
      ) : (
        <PeopleTable people={people} project={project} endOf={(person) => endOf(page, person.name)} />
      )}
    </Clause>
  );
}

/** Owners remove, everybody leaves by themselves; one change at a time. */
function endOf({ project, me, may, openPolicy }: PeoplePage, name: string): EndLink {
  const places = `/projects/${project}/people`;
  if (openPolicy !== null) return null;
  if (name === me) return { href: `${places}/leave`, says: 'Leave', label: `Leave ${project}` };
  return may.propose ? { href: `${places}/remove/${name}`, says: 'Remove', label: `Remove ${name}` } : null;
}

const nextVersion = ({ policy }: PeoplePage): number => (policy?.version ?? 0) + 1;
const acceptedOf = ({ invitations }: PeoplePage) => (invitations ?? []).filter((row) => row.state === 'accepted');

/** What only people of the project see: invitations, and those who accepted. */
function Invited({ page }: PartProps) {
  const { project, invitations, may } = page;
  if (invitations === null) return null;
  return (
    <>
      <Invitations
        invitations={invitations.filter((row) => row.state !== 'admitted')}
        project={project}
        canRevoke={may.invite}
      />
      {may.confirm ? (
        <Admit project={project} accepted={acceptedOf(page)} next={nextVersion(page)} canPropose={may.propose} />
      ) : null}
    </>
  );
}

function Ended({ page: { project, retired, struck, may } }: PartProps) {
  return (
    <>
      {retired.length === 0 ? null : (
        <Clause title="Retired" id="retired">
          <EndedPeople
            people={retired}
            project={project}
            label="Retired"
            more={({ name, stillSigns }) =>
              may.propose && !stillSigns ? (
                <p>
                  <a href={`/projects/${project}/people/remove/${name}`}>Strike {name} after all</a>
                </p>
              ) : null
            }
          />
        </Clause>
      )}
      {struck.length === 0 ? null : (
        <Clause title="Struck" id="struck">
          <EndedPeople people={struck} project={project} label="Struck" />
        </Clause>
      )}
    </>
  );
}

/** For owners: what the next policy could change, and inviting. */
function Changes({ page }: PartProps) {
  const { project, people, newKeys, openPolicy, may } = page;
  const next = nextVersion(page);
  return (
    <>
      <NewKeys project={project} keys={newKeys} next={next} />
      {may.propose ? <RetireKeys project={project} people={people} next={next} /> : null}
      {openPolicy === null ? null : <WaitingChange project={project} version={openPolicy} />}
      {may.invite ? <Invite project={project} look={acceptedOf(page).length > 0 ? 'plain' : 'primary'} /> : null}
    </>
  );
}

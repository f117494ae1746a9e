// Removing somebody, on one page: how many must sign then; what becomes of what they signed; what becomes of each release that falls. What it would do
// stands between the questions, for the answers as they are now. It ends in a proposal that people sign as every policy. Asking changes nothing.

import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { WaitingChange } from '#components/policy/waiting-change.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { may } from '#lib/core/people.ts';
import type { Search } from '#lib/next/compared.ts';
import { load } from '#lib/next/load.ts';
import { formOf } from '#lib/next/policy-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { peoplePage } from '#lib/server/queries/people-page.ts';
import { answersIn } from './answers.ts';
import { Outcome } from './outcome.tsx';
import { Questions } from './questions.tsx';
import { shownFor } from './shown.ts';
import { subjectOf } from './subject.ts';

type Props = { params: Promise<{ name: string; person: string }>; searchParams: Promise<Search> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, person } = await params;
  return { title: `Remove ${person} from ${name}` };
}

export default async function RemovePersonPage({ params, searchParams }: Props) {
  const { name, person } = await params;
  const actor = await currentActor();
  const here = `/projects/${name}/people/remove/${person}`;
  const page = await load(here, () => peoplePage(actor, name));
  const { project, policy, openPolicy, role } = page;
  const subject = subjectOf(page, person);
  if (policy === null || subject === null || !may(role, 'policy.propose')) notFound();
  const answers = answersIn(formOf(await searchParams), subject, policy);
  return (
    <>
      <PageHeading
        title={subject.isIn ? `Remove ${subject.name}` : `Strike ${subject.name}`}
        trail={[
          { href: `/projects/${project}`, label: project },
          { href: `/projects/${project}/people`, label: 'People and keys' },
        ]}
        lead="Nothing changes until those who must have signed the policy that this proposes."
      />
      <ProjectNav project={project} />
      {isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Removing somebody" />}
      {openPolicy === null ? (
        <>
          <Questions project={project} subject={subject} rules={policy} answers={answers} />
          <Outcome
            project={project}
            subject={subject}
            answers={answers}
            shown={await shownFor(actor, project, subject, answers)}
          />
        </>
      ) : (
        <WaitingChange project={project} version={openPolicy} />
      )}
    </>
  );
}

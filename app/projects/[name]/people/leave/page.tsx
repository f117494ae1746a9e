// Leaving a project by oneself: what it would do, and the proposal that retires the reader. The owners sign it, as they sign every change of people;
// until then the reader stays. The last owner cannot leave, and is told why.

import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Consequences } from '#components/policy/consequences.tsx';
import { WaitingChange } from '#components/policy/waiting-change.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Field } from '#components/ui/field.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { shownPreview, type ShownPreview } from '#lib/next/shown-preview.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { peoplePage } from '#lib/server/queries/people-page.ts';
import { leavePreview } from '#lib/server/queries/policy-preview.ts';
import { leave } from './actions.ts';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Leave ${(await params).name}` };
}

export default async function LeavePage({ params }: Props) {
  const { name } = await params;
  const actor = await currentActor();
  const here = `/projects/${name}/people/leave`;
  const { project, me, openPolicy } = await load(here, () => peoplePage(actor, name));
  if (me === null) notFound();
  return (
    <>
      <PageHeading
        title={`Leave ${project}`}
        trail={[
          { href: `/projects/${project}`, label: project },
          { href: `/projects/${project}/people`, label: 'People and keys' },
        ]}
        lead="What you signed keeps counting in what is published. Open drafts lose your signature, and nothing new by your keys counts."
      />
      <ProjectNav project={project} />
      {isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Leaving" />}
      {openPolicy === null ? (
        <Leave project={project} shown={await shownPreview(() => leavePreview(actor, project))} />
      ) : (
        <WaitingChange project={project} version={openPolicy} />
      )}
    </>
  );
}

function Leave({ project, shown }: { project: string; shown: ShownPreview }) {
  if ('refused' in shown) return <Notice tone="warning" title={shown.refused} />;
  const { version, counts, consequences } = shown.preview;
  return (
    <>
      <Clause title="What it does">
        <Consequences told={consequences} />
      </Clause>
      <Clause title="Propose it">
        <p>The owners sign it; until then you stay. {counts}</p>
        <ActionForm
          action={leave.bind(null, project)}
          label={`Leave ${project}`}
          submit={`Propose policy ${version} without me`}
          busy="Proposing…"
          look="danger"
        >
          <Field
            name="typed"
            label={`To go on, type the name of the project, ${project}`}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        </ActionForm>
      </Clause>
    </>
  );
}

// Beginning a new chain, when too few keys are left to change the rules by the rules: what it means, who goes on, how many must sign.

import type { Metadata } from 'next';
import { WaitingChange } from '#components/policy/waiting-change.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Choice, Choices, Field } from '#components/ui/field.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { SentenceField } from '#components/ui/sentence-field.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { newChainPage, type NewChainPage } from '#lib/server/queries/new-chain-page.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { beginChainOf } from './actions.ts';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Begin a new chain of ${(await params).name}` };
}

export default async function BeginNewChainPage({ params }: Props) {
  const { name } = await params;
  const here = `/projects/${name}/policy/new-chain`;
  const actor = await currentActor();
  const page = await load(here, () => newChainPage(actor, name));
  return (
    <>
      <PageHeading
        title="Begin a new chain"
        trail={[
          { href: `/projects/${page.project}`, label: page.project },
          { href: `/projects/${page.project}/policy`, label: `policy ${page.policy}` },
        ]}
        lead="For a project that lost so many keys that its rules cannot be changed by its rules any more."
      />
      <ProjectNav project={page.project} />
      <Reason page={page} />
      {page.isStuck && page.openPolicy === null ? (
        <>
          {isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Beginning a new chain" />}
          <Steps />
          <Form page={page} />
        </>
      ) : null}
    </>
  );
}

/** Why this page has a form, or why it has none. */
function Reason({ page }: { page: NewChainPage }) {
  const { project, openPolicy, policy } = page;
  if (openPolicy !== null) return <WaitingChange project={project} version={openPolicy} />;
  if (page.isStuck)
    return (
      <Notice tone="warning" title={`Policy ${policy} cannot be changed any more: too few of its keys can sign.`}>
        <p>
          If somebody finds their key again, or its expiry is extended, that is the better way: nothing is lost then.
        </p>
      </Notice>
    );
  return (
    <p>
      Enough people of policy {policy} can still sign. <a href={`/projects/${project}/policy`}>Change the rules</a> with
      their signatures; a new chain is not needed.
    </p>
  );
}

function Steps() {
  return (
    <Clause title="What happens">
      <ol className="prose">
        <li>Everybody of the old policy is mailed, and each of them can withdraw the new one.</li>
        <li>The owners whom it names sign it with their keys.</li>
        <li>
          Whoever keeps the countersigner confirms the digest of the document at that machine, after making sure in
          another way (a call, a meeting) that you are who you say. Until then nothing changes.
        </li>
        <li>
          Whoever installs from this index for the first time goes by the new people. Whoever pinned the old policy is
          told, loudly, and decides anew.
        </li>
      </ol>
    </Clause>
  );
}

function Form({ page }: { page: NewChainPage }) {
  const { project, people, threshold } = page;
  return (
    <Clause title="The new rules">
      <p>Who does not go on retires: what they signed keeps counting. Others are invited afterwards.</p>
      <ActionForm
        action={beginChainOf.bind(null, project)}
        label="Begin a new chain"
        submit="Propose the new chain"
        busy="Proposing…"
      >
        <Choices legend="Who goes on">
          {people.map(({ name, role, isReader, canSign }) => (
            <Choice
              key={name}
              kind="checkbox"
              name="people"
              value={name}
              defaultChecked={canSign}
              disabled={!canSign}
              label={isReader ? `${name} (you), as an owner` : `${name}, ${role}`}
              hint={canSign ? 'With every key of the account that can sign now.' : 'Has no key that can sign.'}
            />
          ))}
        </Choices>
        <SentenceField
          name="threshold"
          label="Publishing needs"
          after="people."
          min={1}
          defaultValue={Math.min(threshold, Math.max(1, people.filter((person) => person.canSign).length))}
        />
        <Field
          name="typed"
          label={`Type ${project} to confirm`}
          hint="It cannot be undone once it is in force."
          required
          autoComplete="off"
        />
      </ActionForm>
    </Clause>
  );
}

// Creating a project: its name on the index, how many people must sign, and the key with which its founder signs the first policy.

import type { Metadata } from 'next';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Choice, Choices, Field } from '#components/ui/field.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { SentenceField } from '#components/ui/sentence-field.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { accountKeys, type KeyRow } from '#lib/server/queries/account-keys.ts';
import { createProjectOf } from './actions.ts';

export const metadata: Metadata = { title: 'Create a project' };

export default async function NewProjectPage() {
  const keys = await load('/projects/new', async () => accountKeys(await currentActor()));
  const usable = keys.filter((key) => key.state === 'active' || key.state === 'expiring');
  return (
    <>
      <PageHeading
        title="Create a project"
        lead="You become its owner. Its rules are a document that you sign: policy 1. After that you invite the others."
      />
      {usable.length === 0 ? <KeyFirst hasKey={keys.length > 0} /> : <Form keys={usable} />}
    </>
  );
}

function KeyFirst({ hasKey }: { hasKey: boolean }) {
  const next = (
    <ButtonLink href={hasKey ? '/account/keys' : '/account/keys/new'} look="primary">
      {hasKey ? 'Prove your key' : 'Add a key'}
    </ButtonLink>
  );
  return (
    <Empty title="First a key of yours" action={next}>
      The first policy of a project is signed by its founder, so a proven key comes first.
    </Empty>
  );
}

function Form({ keys }: { keys: KeyRow[] }) {
  return (
    <ActionForm action={createProjectOf} label="Create a project" submit="Create the project" busy="Creating…">
      <Field
        name="name"
        label="Name of the project"
        hint="As in pip install NAME. Other spellings of the same name lead to it."
        required
        autoComplete="off"
        maxLength={100}
      />
      <SentenceField
        name="threshold"
        label="Publishing needs"
        after="people."
        hint="You may set 2 from the start: then nothing can be published before two people are in."
        min={1}
        defaultValue={2}
      />
      <Choices legend="Your key for this project">
        {keys.map((key, at) => (
          <Choice
            key={key.fingerprint}
            name="key"
            value={key.fingerprint}
            defaultChecked={at === 0}
            required
            label={key.userIds[0] ?? 'A key without a user id'}
            hint={<Fingerprint value={key.fingerprint} />}
          />
        ))}
      </Choices>
    </ActionForm>
  );
}

// The owner's step between "accepted" and "named by a policy": comparing the key with what the person gave elsewhere. Two ways, each recorded: what was
// pasted is compared by the machine; words that are read aloud are compared by ear. Nothing on this page may be what is pasted.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Field } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { KeyHolder } from '#lib/server/queries/people-page.ts';
import { confirmByPaste, confirmByWords } from './actions.ts';

type Accepted = NonNullable<KeyHolder['accepted']>;
type ConfirmProps = { project: string; holder: KeyHolder; accepted: Accepted; canConfirm: boolean };

export function Confirm({ project, holder, accepted, canConfirm }: ConfirmProps) {
  if (accepted.confirmedBy !== null && accepted.confirmedAt !== null) {
    return (
      <Notice tone="good" title={`${accepted.confirmedBy} confirmed this key.`}>
        <p>
          On <Moment at={accepted.confirmedAt} />. A policy can name it now:{' '}
          <a href={`/projects/${project}/people`}>add {holder.name} to the project</a>.
        </p>
      </Notice>
    );
  }
  if (!canConfirm) return <p>An owner confirms it before a policy can name it.</p>;
  return <Ways project={project} holder={holder} invitation={accepted.id} />;
}

function Ways({
  project,
  holder: { name, key },
  invitation,
}: {
  project: string;
  holder: KeyHolder;
  invitation: string;
}) {
  return (
    <Clause title={`Confirm that it is ${name}’s`}>
      <p>
        Reach {name} in another way than through this site: a call, a meeting, a chat that you know is theirs. History
        keeps who confirmed whom, and how.
      </p>
      <ActionForm
        action={confirmByPaste.bind(null, project, invitation, key)}
        label={`Confirm the key of ${name} by its fingerprint`}
        submit="Compare and confirm"
        busy="Comparing…"
      >
        <Field
          name="pasted"
          label={`The fingerprint of ${name}, as you got it elsewhere`}
          hint="Paste the digits, or the words that were read to you. Spaces and colons do no harm; a shortened one is refused."
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          required
          className="font-mono"
        />
      </ActionForm>
      <p>Or by the words below:</p>
      <ActionForm
        action={confirmByWords.bind(null, project, invitation, key)}
        label={`Confirm the key of ${name} by its words`}
        submit="Confirm by the words"
        look="plain"
      >
        <Choice
          kind="checkbox"
          name="heard"
          value="yes"
          required
          label={`${name} read the words of their fingerprint to me, and each was the same as below`}
        />
      </ActionForm>
    </Clause>
  );
}

// Keys that people of the project added and proved since: an owner proposes the policy that names them. That is how the others acknowledge a key.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Choices } from '#components/ui/field.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { NewKey } from '#lib/server/queries/people-page.ts';
import { nameKeys } from './actions.ts';

export function NewKeys({ project, keys, next }: { project: string; keys: NewKey[]; next: number }) {
  if (keys.length === 0) return null;
  return (
    <Clause title="Keys that the policy does not name yet" id="new-keys">
      <p>
        People of the project have proven these keys for their accounts; nothing signed with them counts here so far.
        Ask each person for the fingerprint over another channel and compare it. Naming a key must be signed as a
        release is.
      </p>
      <ActionForm
        action={nameKeys.bind(null, project)}
        label="Name further keys"
        submit={`Propose policy ${next} with these keys`}
        busy="Proposing…"
        look="plain"
      >
        <Choices legend="Name in the policy">
          {keys.map(({ name, fingerprint, userId }) => (
            <Choice
              key={fingerprint}
              kind="checkbox"
              name="key"
              value={fingerprint}
              label={`${name}: ${userId === '' ? 'a key without a user id' : userId}`}
              hint={<Fingerprint value={fingerprint} />}
            />
          ))}
        </Choices>
      </ActionForm>
    </Clause>
  );
}

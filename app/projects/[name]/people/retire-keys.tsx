// For owners: keys that are lost, replaced or ended are retired by the next policy. What they signed keeps counting; whoever has no other key in the
// policy leaves with it, and the page says so before.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Choices } from '#components/ui/field.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { ActivePerson } from '#lib/server/queries/people-page.ts';
import { retireKeys } from './actions.ts';

type RetireKeysProps = { project: string; people: ActivePerson[]; next: number };

export function RetireKeys({ project, people, next }: RetireKeysProps) {
  const rows = people.flatMap((person) => person.keys.map((key) => ({ person, key })));
  const ended = rows.filter(({ key }) => ['lost', 'revoked', 'expired'].includes(key.state));
  return (
    <Clause title="Retire a key" id="retire-keys">
      <p>
        {ended.length === 0
          ? 'For a key that its person replaced or lost. '
          : `Ended already: ${ended.map(({ person, key }) => `a key of ${person.name} (${key.state})`).join(', ')}. `}
        Nothing new by a retired key counts in this project; what it signed before keeps counting in what is published.
        Open drafts lose its signatures.
      </p>
      <ActionForm
        action={retireKeys.bind(null, project)}
        label="Retire keys"
        submit={`Propose policy ${next} without these keys`}
        busy="Proposing…"
        look="plain"
      >
        <Choices legend="Retire">
          {rows.map(({ person, key }) => (
            <Choice
              key={key.fingerprint}
              kind="checkbox"
              name="retire"
              value={key.fingerprint}
              label={sayRow(person, key.state)}
              hint={<Fingerprint value={key.fingerprint} />}
            />
          ))}
        </Choices>
      </ActionForm>
    </Clause>
  );
}

function sayRow({ name, keys }: ActivePerson, state: string): string {
  const how = state === 'active' || state === 'unknown' ? '' : ` (${state})`;
  const last = keys.length === 1 ? `; ${name} has no other key in the policy and leaves with it` : '';
  return `A key of ${name}${how}${last}`;
}

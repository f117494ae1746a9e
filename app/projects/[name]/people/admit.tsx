// Those who accepted and have a proven key: an owner proposes the policy that adds them. Compare the fingerprint over another channel first.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Choices } from '#components/ui/field.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { InvitationRow } from '#lib/server/queries/people-page.ts';
import { admit } from './actions.ts';

export function Admit({ project, accepted, next }: { project: string; accepted: InvitationRow[]; next: number }) {
  return (
    <Clause title="Add those who accepted">
      <p>
        Ask each of them for their fingerprint over another channel (a call, a meeting) and compare it with what stands
        here. Policy {next} then adds them, once it is signed.
      </p>
      <ActionForm
        action={admit.bind(null, project)}
        label="Add those who accepted"
        submit={`Propose policy ${next}`}
        busy="Proposing…"
      >
        <Choices legend="Add to the project">
          {accepted.map((row) => (
            <Choice
              key={row.id}
              kind="checkbox"
              name="admit"
              value={row.id}
              defaultChecked
              label={`${row.acceptedBy ?? 'somebody'} as ${row.role}`}
              hint={row.key === null ? 'has not chosen a key yet' : <Fingerprint value={row.key} />}
            />
          ))}
        </Choices>
      </ActionForm>
    </Clause>
  );
}

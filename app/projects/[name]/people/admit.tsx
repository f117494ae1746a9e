// Those who accepted and have a proven key: an owner pastes the fingerprint that each of them gave over another channel, the machine
// compares, and then proposes the policy that adds them.

import { CompareFingerprint } from '#components/keys/compare-fingerprint.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Choices } from '#components/ui/field.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { Compared } from '#lib/next/compared.ts';
import type { InvitationRow } from '#lib/server/queries/people-page.ts';
import { admit } from './actions.ts';

type AdmitProps = { project: string; accepted: InvitationRow[]; next: number; compared: Compared };

export function Admit({ project, accepted, next, compared }: AdmitProps) {
  return (
    <Clause title="Add those who accepted">
      <p>
        Ask each of them for their fingerprint over another channel (a call, a meeting) and paste it here: the machine
        compares it with the key that they accepted with. Policy {next} then adds them, once it is signed.
      </p>
      {accepted.map((row) =>
        row.key === null || row.acceptedBy === null ? null : (
          <CompareFingerprint
            key={row.id}
            expected={row.key}
            whose={row.acceptedBy}
            path={`/projects/${project}/people`}
            pasted={compared[row.key]}
          />
        ),
      )}
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

// Those who accepted: first an owner compares and confirms the key of each; whoever is confirmed can be named by the policy that is proposed here.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Choice, Choices } from '#components/ui/field.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { InvitationRow } from '#lib/server/queries/people-page.ts';
import { admit } from './actions.ts';

type AdmitProps = { project: string; accepted: InvitationRow[]; next: number; canPropose: boolean };

export function Admit({ project, accepted, next, canPropose }: AdmitProps) {
  const confirmed = accepted.filter((row) => row.confirmedAt !== null);
  const waiting = accepted.filter((row) => row.confirmedAt === null);
  if (accepted.length === 0) return null;
  return (
    <Clause title="Add those who accepted">
      {waiting.map((row, at) => (
        <Waiting key={row.id} project={project} row={row} isFirst={at === 0 && confirmed.length === 0} />
      ))}
      {confirmed.length > 0 && canPropose ? <Propose project={project} confirmed={confirmed} next={next} /> : null}
    </Clause>
  );
}

function Waiting({ project, row, isFirst }: { project: string; row: InvitationRow; isFirst: boolean }) {
  return (
    <>
      <p>
        {row.acceptedBy} accepted. Ask them for their fingerprint over another channel (a call, a meeting) and compare
        it with the key that they accepted with; a policy names only a confirmed key.
      </p>
      <p>
        <ButtonLink href={`/projects/${project}/people/${row.key ?? ''}`} look={isFirst ? 'primary' : 'plain'}>
          Compare the key of {row.acceptedBy}
        </ButtonLink>
      </p>
    </>
  );
}

function Propose({ project, confirmed, next }: { project: string; confirmed: InvitationRow[]; next: number }) {
  return (
    <ActionForm
      action={admit.bind(null, project)}
      label="Add those who accepted"
      submit={`Propose policy ${next}`}
      busy="Proposing…"
    >
      <Choices legend={`Policy ${next} adds, once it is signed`}>
        {confirmed.map((row) => (
          <Choice
            key={row.id}
            kind="checkbox"
            name="admit"
            value={row.id}
            defaultChecked
            label={`${row.acceptedBy ?? 'somebody'} as ${row.role}, confirmed by ${row.confirmedBy ?? 'an owner'}`}
            hint={row.key === null ? undefined : <Fingerprint value={row.key} />}
          />
        ))}
      </Choices>
    </ActionForm>
  );
}

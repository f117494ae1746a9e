// Proposing other rules: the policy in force with some things changed. Nothing changes until those who must have signed the proposal.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice } from '#components/ui/field.tsx';
import { Clause } from '#components/ui/page.tsx';
import { SentenceField } from '#components/ui/sentence-field.tsx';
import { readPolicy, type Policy } from '#lib/core/policy.ts';
import type { PolicyPage } from '#lib/server/queries/policy-page.ts';
import { propose } from './actions.ts';

export function Propose({ page: { project, version, text } }: { page: PolicyPage }) {
  const now = readPolicy(new TextEncoder().encode(text));
  return (
    <Clause title="Propose other rules" id="propose">
      <p>
        People are added under <a href={`/projects/${project}/people`}>People and keys</a>. Here is the rest.
      </p>
      <ActionForm
        action={propose.bind(null, project)}
        label="Propose other rules"
        submit={`Propose policy ${version + 1}`}
        busy="Proposing…"
      >
        <SentenceField
          name="threshold"
          label="Publishing needs"
          after={`of ${now.people.length} people.`}
          hint={`It is ${now.threshold} now. Lowering it must be signed as a release is.`}
          min={1}
          defaultValue={now.threshold}
        />
        <SentenceField
          name="ownerThreshold"
          label="Changing the rules needs"
          after="owners."
          min={1}
          defaultValue={now.ownerThreshold}
        />
        <SentenceField
          name="waitHours"
          label="Between the last signature and publication lie"
          after="hours."
          min={0}
          defaultValue={now.waitHours}
        />
        <Switches now={now} />
      </ActionForm>
    </Clause>
  );
}

function Switches({ now }: { now: Policy }) {
  return (
    <>
      <Choice
        kind="checkbox"
        name="openerCounts"
        value="yes"
        defaultChecked={now.openerCounts}
        label="Whoever opens a draft may also sign it"
        hint="If not, the signature of the opener does not count."
      />
      <Choice
        kind="checkbox"
        name="fileSignatures"
        value="yes"
        defaultChecked={now.fileSignatures}
        label="Signatures over single files count too"
        hint="If not, only signatures over the statement do."
      />
    </>
  );
}

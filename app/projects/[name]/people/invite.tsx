// Inviting one person by mail. Nobody gets a right by it: they accept with a key of their own, and then a policy must add them.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Choices, Field } from '#components/ui/field.tsx';
import { Clause } from '#components/ui/page.tsx';
import { invite } from './actions.ts';

export function Invite({ project, look }: { project: string; look: 'primary' | 'plain' }) {
  return (
    <Clause title="Invite somebody" id="invite">
      <ActionForm action={invite.bind(null, project)} label="Invite somebody" submit="Send the invitation" look={look}>
        <Field
          name="address"
          label="Mail address"
          hint="The invitation can be accepted only by the account with this address."
          type="email"
          required
          autoComplete="off"
        />
        <Choices legend="They shall be">
          <Choice name="role" value="maintainer" label="Maintainer" hint="Opens drafts and signs." defaultChecked />
          <Choice name="role" value="owner" label="Owner" hint="Also changes people and rules." />
        </Choices>
      </ActionForm>
    </Clause>
  );
}

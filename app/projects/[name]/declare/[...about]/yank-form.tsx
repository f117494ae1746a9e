// Preparing a yank, or its taking back: the reason is all there is to say. What is prepared is signed on the same page.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Field } from '#components/ui/field.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { YankPage } from '#lib/server/queries/declaration-page.ts';
import { prepareYank } from './actions.ts';

export function YankForm({ page: { project, version, yankedReason } }: { page: YankPage }) {
  const action = yankedReason === null ? 'yank' : 'unyank';
  return (
    <Clause title={action === 'yank' ? 'Yank it' : 'Take the yank back'}>
      <p>
        {action === 'yank'
          ? 'Say in one line why nobody should install it any more; installers print it. You sign the document in the next step.'
          : 'Installers choose it again as any other release. You sign the document in the next step.'}
      </p>
      <ActionForm
        action={prepareYank.bind(null, project, version, action)}
        label={`Prepare the ${action}`}
        submit={`Prepare the ${action} of ${version}`}
        busy="Preparing…"
      >
        <Field name="reason" label="Reason" hint="Everybody reads it." maxLength={500} autoComplete="off" required />
      </ActionForm>
    </Clause>
  );
}

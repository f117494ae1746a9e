// To decline a draft with a reason: the same form on the draft's page and on that of a personal link. What a decline does there stands above it.
import type { ReactNode } from 'react';
import { ActionForm, type FormAction } from '#components/ui/action-form.client.tsx';
import { Field } from '#components/ui/field.tsx';

export function DeclineForm({
  action,
  revision,
  children,
}: {
  action: FormAction;
  revision: number;
  children: ReactNode;
}) {
  return (
    <details className="reveal">
      <summary>Decline it, with the reason</summary>
      {children}
      <ActionForm action={action} label="Decline the draft" submit={`Decline revision ${revision}`} look="danger">
        <Field
          name="declineReason"
          label="Why it should not be published"
          hint="One line. The people of the project read it."
          maxLength={500}
          autoComplete="off"
          required
        />
      </ActionForm>
    </details>
  );
}

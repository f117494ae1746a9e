// Preparing a status of the project: which one, and why. What each does stands beside it.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Choices, Field } from '#components/ui/field.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { ProjectStatus } from '#lib/core/release.ts';
import type { StatusPage } from '#lib/server/queries/declaration-page.ts';
import { prepareStatus } from './actions.ts';

const choices: { status: ProjectStatus; label: string; hint: string }[] = [
  { status: 'active', label: 'Active', hint: 'It takes files and publishes releases.' },
  {
    status: 'archived',
    label: 'Archived',
    hint: 'It takes no files and publishes nothing more; what is published stays installable.',
  },
  {
    status: 'quarantined',
    label: 'Quarantined',
    hint: 'It takes no files, publishes nothing, and no file of it is offered to installers until it is active again.',
  },
];

export function StatusForm({ page: { project, status } }: { page: StatusPage }) {
  return (
    <Clause title="Declare another one">
      <p>You sign the document in the next step. Drafts that are open stay as they are and wait.</p>
      <ActionForm
        action={prepareStatus.bind(null, project)}
        label="Prepare a status"
        submit="Prepare the status"
        busy="Preparing…"
      >
        <Choices legend="The project is">
          {choices
            .filter((choice) => choice.status !== status)
            .map((choice) => (
              <Choice
                key={choice.status}
                name="status"
                value={choice.status}
                label={choice.label}
                hint={choice.hint}
                required
              />
            ))}
        </Choices>
        <Field name="reason" label="Reason" hint="Everybody reads it." maxLength={500} autoComplete="off" required />
      </ActionForm>
    </Clause>
  );
}

// What else can be done with a draft: reminding people, other files (which make a new revision), putting it off for oneself, declining and
// withdrawing it, ending links in mails. Each says what happens to signatures.

import { DeclineForm } from '#components/draft/decline-form.tsx';
import { NotNow } from '#components/draft/not-now.tsx';
import { UploadFiles } from '#components/draft/upload-files.client.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Choices, Field } from '#components/ui/field.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';
import { decline, removeFiles, withdraw } from './actions.ts';
import { Links } from './links.tsx';
import { putOff } from './reminder-actions.ts';
import { Remind } from './reminders.tsx';

export function Change({ draft }: { draft: DraftPage }) {
  const { may, reminders } = draft;
  if (!may.changeFiles && !may.decline && !may.withdraw && !reminders.maySilence) return null;
  return (
    <Clause number={3} title="Or something else">
      <Remind draft={draft} />
      {reminders.maySilence ? <NotNow wished={reminders.mine} action={putOff.bind(null, draft.id)} /> : null}
      {may.changeFiles ? <Files draft={draft} /> : null}
      {may.decline ? <Decline draft={draft} /> : null}
      {may.withdraw ? <Withdraw draft={draft} /> : null}
      <Links id={draft.id} />
    </Clause>
  );
}

function Files({ draft: { id, project, revision, files, verdict } }: { draft: DraftPage }) {
  const lost = verdict.counted.length === 0 ? '' : ` ${verdict.counted.join(', ')} would have to sign again.`;
  return (
    <>
      <details className="reveal">
        <summary>Add or replace files</summary>
        <p>
          A file with the name of one that is there replaces it. Any change makes revision {revision + 1} with a new
          statement.{lost}
        </p>
        <UploadFiles
          action={`/drafts/${id}/files`}
          project={project}
          label="Add or replace files"
          submit={`Make revision ${revision + 1}`}
          revision={revision}
          look="plain"
        />
      </details>
      {files.length < 2 ? null : (
        <details className="reveal">
          <summary>Remove files</summary>
          <p>
            Makes revision {revision + 1} without them.{lost}
          </p>
          <ActionForm
            action={removeFiles.bind(null, id, revision)}
            label="Remove files"
            submit="Remove from the draft"
            look="plain"
          >
            <Choices legend="Files to leave out">
              {files.map((file) => (
                <Choice key={file.name} kind="checkbox" name="remove" value={file.name} label={file.name} />
              ))}
            </Choices>
          </ActionForm>
        </details>
      )}
    </>
  );
}

function Decline({ draft: { id, revision, state } }: { draft: DraftPage }) {
  return (
    <DeclineForm action={decline.bind(null, id, revision)} revision={revision}>
      <p>
        While your decline stands nothing is published{state === 'approved' ? '; the draft is no longer approved' : ''}.
        Its people get a mail with your reason. You or an owner can lift it; signatures stay as they are.
      </p>
    </DeclineForm>
  );
}

function Withdraw({ draft: { id, project, version } }: { draft: DraftPage }) {
  return (
    <details className="reveal">
      <summary>Withdraw the draft</summary>
      <p>
        It ends without a release. Its signatures count nowhere else; version {version} is free for a new draft. Its
        people get a mail.
      </p>
      <ActionForm
        action={withdraw.bind(null, id, version)}
        label="Withdraw the draft"
        submit={`Withdraw ${project} ${version}`}
        look="danger"
      >
        <Field
          name="withdrawReason"
          label="Why"
          hint="One line, for its people."
          maxLength={500}
          autoComplete="off"
          required
        />
        <Field name="typed" label={`Type ${version} to confirm`} autoComplete="off" required />
      </ActionForm>
    </details>
  );
}

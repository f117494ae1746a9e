// What the checks of a draft's files found, beside what is signed; owners can set one aside with a reason that signers read.
import { Findings, type FindingEntry } from '#components/draft/findings.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Field } from '#components/ui/field.tsx';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';
import { ignore, regard } from './checks-actions.ts';

export function Checks({ draft: { id, revision, findings } }: { draft: DraftPage }) {
  if (!findings.mayIgnore) return <Findings findings={findings} />;
  return (
    <Findings findings={findings} actions={(finding) => <Deal draft={id} revision={revision} finding={finding} />} />
  );
}

function Deal({ draft, revision, finding }: { draft: string; revision: number; finding: FindingEntry }) {
  const { code, where, ignored } = finding;
  const which = `${code}, ${where}`;
  if (ignored !== null)
    return (
      <ActionForm
        action={regard.bind(null, draft, ignored.id)}
        label={`No longer set aside: ${which}`}
        submit="Do not set it aside"
        look="plain"
      />
    );
  return (
    <details className="reveal">
      <summary>Set it aside, with the reason</summary>
      <ActionForm
        action={ignore.bind(null, draft, revision)}
        label={`Set aside: ${which}`}
        submit="Set it aside for this draft"
        look="plain"
      >
        <input type="hidden" name="code" value={code} />
        <input type="hidden" name="place" value={where} />
        <Field
          name="ignoreReason"
          of={which.replaceAll(/\s/g, '-')}
          label="Why it is meant so"
          hint="One line. Whoever is asked to sign reads it."
          maxLength={500}
          autoComplete="off"
          required
        />
      </ActionForm>
    </details>
  );
}

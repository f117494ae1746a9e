// What the asked change would do, and the button that proposes exactly this: the fields go along as they were shown.

import { Consequences } from '#components/policy/consequences.tsx';
import { MustSign } from '#components/policy/must-sign.tsx';
import { PolicyChanges } from '#components/policy/policy-changes.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { ShownPreview } from '#lib/next/shown-preview.ts';
import { propose } from './actions.ts';

type PreviewProps = { project: string; shown: ShownPreview; fields: [name: string, value: string][] };

export function Preview({ project, shown, fields }: PreviewProps) {
  if ('refused' in shown)
    return (
      <Clause title="What it does" id="what-it-does">
        <Notice tone="warning" title={shown.refused} />
      </Clause>
    );
  const { version, changes, weakenings, counts, needs, consequences } = shown.preview;
  return (
    <>
      <Clause title="What it does" id="what-it-does">
        <PolicyChanges changes={changes} version={version} />
        <Consequences told={consequences} />
      </Clause>
      <Clause title="Who must sign it">
        <MustSign {...{ counts, needs, weakenings }} />
        <ActionForm
          action={propose.bind(null, project)}
          label="Propose these rules"
          submit={`Propose policy ${version}`}
          busy="Proposing…"
        >
          {fields.map(([name, value], at) => (
            <input key={at} type="hidden" name={name} value={value} />
          ))}
        </ActionForm>
      </Clause>
    </>
  );
}

'use client';
// To state what one got by building the files: paste what sha256sum prints, or choose the built files, which are hashed in this browser and sent
// nowhere. Only digests and the recipe go to the server.

import { useState } from 'react';
import { ActionForm, type FormAction } from '#components/ui/action-form.client.tsx';
import { Button } from '#components/ui/button.tsx';
import { DropFiles } from '#components/ui/drop-files.client.tsx';
import { TextField } from '#components/ui/field.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { HashingProgress } from '#components/ui/hashing-progress.tsx';
import type { ComparedFile } from '#lib/browser/compare-files.ts';
import { ComparedFiles } from './compared-files.client.tsx';
import { useCheckFiles, type FileToCheck } from './use-check-files.client.ts';

type RebuildFormProps = { files: FileToCheck[]; action: FormAction; revision: number };

export function RebuildForm({ files, action, revision }: RebuildFormProps) {
  const check = useCheckFiles(files);
  const { compared } = check;
  const [taken, take] = useState(compared);
  const [digests, setDigests] = useState('');
  if (taken !== compared) {
    take(compared);
    if (compared !== null) setDigests(linesOf(compared.files));
  }
  return (
    <ActionForm
      action={action}
      label="State what you got"
      submit={`State it for revision ${revision}`}
      busy="Stating it"
      look="plain"
    >
      <HashFiles check={check} />
      <TextField
        name="digests"
        label="Their digests"
        hint="What “sha256sum dist/*” prints, a line for each file."
        rows={3}
        spellCheck={false}
        autoComplete="off"
        value={digests}
        onChange={(event) => setDigests(event.target.value)}
        required
      />
      <Recipe />
    </ActionForm>
  );
}

function HashFiles({
  check: { state, refusal, compared, checkOwn, stop },
}: {
  check: ReturnType<typeof useCheckFiles>;
}) {
  return (
    <div data-needs-script>
      <FormRefusal refusal={refusal} />
      <DropFiles
        label="The files that you built"
        hint="They are hashed here and not sent."
        multiple
        onFiles={checkOwn}
      />
      {state === null ? null : (
        <HashingProgress state={state} doing="Hashing" stop={<Button onClick={stop}>Stop</Button>} />
      )}
      <div aria-live="polite">
        {compared === null ? null : <ComparedFiles of={compared.of} files={compared.files} />}
      </div>
    </div>
  );
}

function Recipe() {
  return (
    <TextField
      name="recipe"
      label="How you built them"
      hint="The commands, the container, or the address of a build that others can repeat. Once the release is published everybody reads it."
      rows={3}
      maxLength={2000}
      required
    />
  );
}

/** As sha256sum prints them; files that are not of the release are left out. */
function linesOf(files: ComparedFile[]): string {
  const lines = files.flatMap((file) => {
    if (file.state === 'same') return [`${file.sha256}  ${file.name}`];
    return file.state === 'differs' ? [`${file.found}  ${file.name}`] : [];
  });
  return lines.join('\n');
}

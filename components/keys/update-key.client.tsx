'use client';
// A newer copy of a key, or a revocation certificate of it: chosen, dropped or pasted, merged by the server, and then what it says differently.
// A private key is recognised here and refused before a byte leaves. Without script the form posts and the page shows the same.

import { startTransition, useActionState, useState, type FormEvent } from 'react';
import { readKeyInWorker } from '#lib/browser/read-key.ts';
import type { KeyChange } from '#lib/core/key-end.ts';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { Actions } from '#components/ui/button.tsx';
import { DropFiles } from '#components/ui/drop-files.client.tsx';
import { TextField } from '#components/ui/field.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { SubmitButton } from '#components/ui/submit-button.client.tsx';
import { Table } from '#components/ui/table.tsx';

export type UpdateState = FormState & { outcome?: 'added' | 'updated' | 'unchanged'; changes?: KeyChange[] };
export type UpdateAction = (before: UpdateState, form: FormData) => Promise<UpdateState>;

export function UpdateKey({ action }: { action: UpdateAction }) {
  const [state, send, isBusy] = useActionState(action, {});
  const [refused, setRefused] = useState<FormState['refusal']>();

  async function sendChecked(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const refusal = await privateIn(form);
    setRefused(refusal);
    if (refusal) element.reset();
    else startTransition(() => send(form));
  }
  return (
    <form action={send} onSubmit={(event) => void sendChecked(event)} className="form" aria-label="Newer copy">
      <FormRefusal refusal={refused ?? state.refusal} />
      <Merged state={state} />
      <DropFiles label="Public key or revocation certificate" hint="Armored or binary." name="file" />
      <TextField name="pasted" of="newer-copy" label="Or paste it" rows={4} spellCheck={false} className="font-mono" />
      <Actions>
        <SubmitButton isBusy={isBusy} busy="Merging…" look="plain">
          Merge this copy
        </SubmitButton>
      </Actions>
    </form>
  );
}

/** The refusal of a private key; undefined where there is none in the form. */
async function privateIn(form: FormData): Promise<FormState['refusal']> {
  const file = form.get('file');
  const source = file instanceof File && file.size > 0 ? file : String(form.get('pasted') ?? '');
  const bytes = new Uint8Array(await new Blob([source]).arrayBuffer());
  if (bytes.length === 0) return undefined; // the server says what is missing
  const { refusal } = await readKeyInWorker({ bytes, now: Date.now() });
  return refusal?.code === 'upload.private-key' ? refusal : undefined;
}

const columns = [
  { key: 'what', label: 'What' },
  { key: 'before', label: 'Before' },
  { key: 'now', label: 'Now' },
];

function Merged({ state: { outcome, changes = [] } }: { state: UpdateState }) {
  if (outcome === undefined) return null;
  if (changes.length === 0) return <Notice live title="Everything in it was here already; nothing changed." />;
  const rows = changes.map((change) => ({ key: change.what, cells: change }));
  return (
    <>
      <Notice live tone="good" title="Merged. Nothing that was here before was taken away." />
      <Table caption="What the copy changed" columns={columns} rows={rows} />
    </>
  );
}

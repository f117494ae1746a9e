'use client';
// A key was made: both files must be saved before it is registered, so that nobody depends on a key that they can lose without knowing.
// Keeps it in this browser, if wished, and sends the public half. Everything here is locked with the passphrase, which is gone by now.

import { startTransition, useActionState, useEffect, useState } from 'react';
import { saveFile } from '#lib/browser/save-file.ts';
import { forgetStoredKey, storeKey } from '#lib/browser/stored-keys.ts';
import type { MadeKey } from '#lib/browser/make-key.ts';
import { isRefusal } from '#lib/core/errors.ts';
import type { FormAction, FormState } from '#components/ui/action-form.client.tsx';
import { Actions, Button } from '#components/ui/button.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { Steps } from '#components/ui/steps.tsx';
import { KeyKit } from './key-kit.tsx';

export type MadeHere = MadeKey & { userId: string; madeAt: number; expires: number; keepHere: boolean };

type SaveMadeKeyProps = { made: MadeHere; action: FormAction; index: { name: string; address: string } };

export function SaveMadeKey({ made, action, index }: SaveMadeKeyProps) {
  const [saved, setSaved] = useState<readonly Which[]>([]);
  const keeping = (before: FormState, form: FormData) => keep(made, action, before, form);
  const [state, send, isBusy] = useActionState(keeping, {});
  const isSaved = saved.includes('backup') && saved.includes('revocation');
  useEffect(askBeforeLeaving, []);
  function register() {
    if (!isSaved || isBusy) return;
    const form = new FormData();
    form.set('certificate', made.certificate);
    startTransition(() => send(form));
  }
  return (
    <section aria-label="Save your key" className="saving">
      <h2>Your key is made. Save two files.</h2>
      <p>
        Nobody else has them, and nobody can make them again. Put both where you keep what must not get lost, not only
        on this machine.
      </p>
      <FormRefusal refusal={state.refusal} />
      <WhatToSave files={filesOf(made)} saved={saved} onSaved={(which) => setSaved([...saved, which])} />
      <p role="status">
        {isSaved ? 'Both files are on their way to your disk: see that they are there.' : 'Save both files to go on.'}
      </p>
      <Actions>
        <Button look="primary" aria-disabled={!isSaved || isBusy} onClick={register}>
          {isBusy ? 'Registering…' : 'Register this key'}
        </Button>
      </Actions>
      <KeyKit made={made} files={filesOf(made)} index={index} />
    </section>
  );
}

/** A key that is not registered yet is nowhere but on this page: the browser asks before a reload or a closed tab takes it away. */
function askBeforeLeaving(): () => void {
  const ask = (event: BeforeUnloadEvent) => event.preventDefault();
  window.addEventListener('beforeunload', ask);
  return () => window.removeEventListener('beforeunload', ask);
}

type WhatToSaveProps = {
  files: Record<Which, SavedFile>;
  saved: readonly Which[];
  onSaved: (which: Which) => void;
};

function WhatToSave({ files, saved, onSaved }: WhatToSaveProps) {
  const step = (which: Which, title: string, why: string, what: string) => ({
    title,
    ...(saved.includes(which) ? { state: 'done' as const } : {}),
    body: <Save file={files[which]} why={why} what={what} onSave={() => onSaved(which)} />,
  });
  return (
    <Steps
      steps={[
        step(
          'backup',
          'The backup',
          'The key itself, locked with your passphrase. With both you can go on from any machine.',
          'Save the backup file',
        ),
        step(
          'revocation',
          'The revocation certificate',
          'Ends the key for everybody, without the passphrase. For the day on which somebody else has it.',
          'Save the revocation certificate',
        ),
        {
          title: 'The kit on paper, if you like',
          body: (
            <>
              <p>The sheet below: what the key is, and what to do when it is lost.</p>
              <Actions>
                <Button onClick={() => window.print()}>Print the kit</Button>
              </Actions>
            </>
          ),
        },
      ]}
    />
  );
}

type Which = 'backup' | 'revocation';
type SavedFile = { name: string; text: string };

type SaveProps = { file: SavedFile; why: string; what: string; onSave: () => void };

function Save({ file, why, what, onSave }: SaveProps) {
  function save() {
    saveFile(file.name, file.text);
    onSave();
  }
  return (
    <>
      <p>{why}</p>
      <p className="entry-facts wrap-anywhere">{file.name}</p>
      <Actions>
        <Button onClick={save}>{what}</Button>
      </Actions>
    </>
  );
}

/** Named by the whole fingerprint, so that they are never taken for those of another key. */
function filesOf({ fingerprint, privateKey, revocation }: MadeHere): Record<Which, SavedFile> {
  return {
    backup: { name: `countersign-backup-${fingerprint}.asc`, text: privateKey },
    revocation: { name: `countersign-revocation-${fingerprint}.asc`, text: revocation },
  };
}

/** Into the browser first, so that the next page offers it; out of it again where the account refuses the key. */
async function keep(made: MadeHere, action: FormAction, before: FormState, form: FormData): Promise<FormState> {
  const { fingerprint, userId, privateKey, madeAt } = made;
  try {
    if (made.keepHere) await storeKey({ fingerprint, userId, privateKey, storedAt: madeAt });
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return { refusal: { code: fault.code, message: fault.message } };
  }
  const answer = await action(before, form);
  if (answer?.refusal && made.keepHere) await forgetStoredKey(fingerprint);
  return answer;
}

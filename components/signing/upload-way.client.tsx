'use client';
// Signing with one's own tools: the commands with the real names, and a plain form that takes what they made. Works without script.
// With script a private key is recognised before anything is sent, and refused.

import { startTransition, useState, type FormEvent } from 'react';
import { requireNoPrivateKey } from '#lib/browser/recognise-files.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { Actions } from '#components/ui/button.tsx';
import { Command } from '#components/ui/command.tsx';
import { DropFiles } from '#components/ui/drop-files.client.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { TextField } from '#components/ui/field.tsx';
import { SubmitButton } from '#components/ui/submit-button.client.tsx';
import type { DocumentToSign, SigningCommand } from './document.client.ts';

type HandInProps = {
  /** What is accepted. */
  hint: string;
  send: (form: FormData) => void;
  isHandingIn: boolean;
};

type UploadWayProps = HandInProps & { document: DocumentToSign; commands: SigningCommand[] };

export function UploadWay({ document, commands, ...handIn }: UploadWayProps) {
  return (
    <>
      <ol className="way">
        <li>
          <a href={document.downloadPath} download={document.fileName}>
            Download {document.fileName}
          </a>
        </li>
        <li>
          Sign it with one of these. They run as they stand, in the folder with the file.
          {commands.map(({ label, command }) => (
            <Command key={command} label={label} command={command} />
          ))}
          <p className="field-hint">
            With a YubiKey or another card it is the GnuPG command: it asks for the PIN, then touch the key when it
            blinks. If it says “No secret key”, plug the card in and run <code>gpg --card-status</code> once.
          </p>
        </li>
        <li>Hand in what it made.</li>
      </ol>
      <HandIn {...handIn} />
    </>
  );
}

function HandIn({ hint, send, isHandingIn }: HandInProps) {
  const [refusal, setRefusal] = useState<{ code: string; message: string } | null>(null);

  async function mayLeave(files: File[]): Promise<boolean> {
    try {
      await requireNoPrivateKey(files);
      setRefusal(null);
      return true;
    } catch (fault) {
      if (!isRefusal(fault)) throw fault;
      setRefusal({ code: fault.code, message: fault.message });
      return false;
    }
  }
  async function sendChecked(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    if (await mayLeave(filesIn(form))) startTransition(() => send(form));
    else element.reset();
  }
  return (
    <form action={send} onSubmit={(event) => void sendChecked(event)} className="form" aria-label="Hand in a signature">
      <FormRefusal refusal={refusal} />
      <input type="hidden" name="way" value="upload" />
      <DropFiles label="Signature file" hint={hint} name="signature" multiple onFiles={mayLeave} />
      <TextField
        name="pasted"
        of="signature"
        label="Or paste the signature"
        rows={4}
        spellCheck={false}
        className="font-mono"
      />
      <Actions>
        <SubmitButton busy="Checking…" isBusy={isHandingIn}>
          Hand in the signature
        </SubmitButton>
      </Actions>
    </form>
  );
}

/** What would be sent, pasted text included, as files to look at. */
function filesIn(form: FormData): File[] {
  const chosen = form.getAll('signature').filter((file): file is File => file instanceof File && file.size > 0);
  return [...chosen, new File([form.get('pasted') ?? ''], 'The pasted text')];
}

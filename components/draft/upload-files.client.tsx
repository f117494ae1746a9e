'use client';
// Files for a draft: choose or drop them, read what was recognised, send them with progress. Without script the form posts as it stands.
// A private key is recognised here and never sent. The server reads and checks everything again; its refusal is shown as it says it.

import { useState, type FormEvent } from 'react';
import { recogniseFiles, type RecognisedFile } from '#lib/browser/recognise-files.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { announce } from '#components/ui/announce.client.ts';
import { Actions } from '#components/ui/button.tsx';
import { DropFiles } from '#components/ui/drop-files.client.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { sizeText } from '#lib/core/size.ts';
import { SubmitButton } from '#components/ui/submit-button.client.tsx';
import { postFiles, type Refused } from './post-files.client.ts';

type UploadFilesProps = {
  /** Where the files are posted to. */
  action: string;
  label: string;
  submit: string;
  /** The revision that was looked at, for changes of a draft. */
  revision?: number;
  look?: 'primary' | 'plain';
};

export function UploadFiles({ action, label, submit, revision, look = 'primary' }: UploadFilesProps) {
  const { recognised, refusal, sent, inspect, send } = useUpload(action);
  return (
    <form
      action={action}
      method="post"
      encType="multipart/form-data"
      onSubmit={(event) => void send(event)}
      className="form"
      aria-label={label}
    >
      <FormRefusal refusal={refusal} />
      {revision === undefined ? null : <input type="hidden" name="revision" value={revision} />}
      <DropFiles
        label="Files of the release"
        hint="Wheels and the source distribution, and their .asc files if you have them. Drop them here or choose them."
        name="files"
        multiple
        required
        onFiles={inspect}
      />
      <Recognised files={recognised} />
      {sent === null ? null : <Sending fraction={sent} />}
      <Actions>
        <SubmitButton look={look} isBusy={sent !== null} busy={sent === 1 ? 'Checking…' : 'Sending…'}>
          {submit}
        </SubmitButton>
      </Actions>
    </form>
  );
}

/** `sent` is null while nothing is under way, then the sent part from 0 to 1. */
function useUpload(action: string) {
  const [recognised, setRecognised] = useState<RecognisedFile[]>([]);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const [sent, setSent] = useState<number | null>(null);

  async function inspect(files: File[]): Promise<boolean> {
    try {
      setRecognised(await recogniseFiles(files));
      setRefusal(null);
      return true;
    } catch (fault) {
      if (!isRefusal(fault)) throw fault;
      setRecognised([]);
      setRefusal({ code: fault.code, message: fault.message });
      return false;
    }
  }
  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const files = form.getAll('files').filter((file): file is File => file instanceof File && file.size > 0);
    if (sent !== null || !(await inspect(files))) return;
    setSent(0);
    const answer = await postFiles(action, form, setSent);
    if (answer.location !== undefined) return location.assign(answer.location);
    announce('The files were not accepted.');
    setSent(null);
    setRefusal(answer.refusal);
  }
  return { recognised, refusal, sent, inspect, send };
}

function Recognised({ files }: { files: RecognisedFile[] }) {
  if (files.length === 0) return null;
  return (
    <div>
      <p>Recognised, and not sent yet:</p>
      <ul className="entries" aria-label="Recognised files">
        {files.map((file) => (
          <li key={file.name}>
            <p className="file-name">{file.name}</p>
            <p className={file.fits ? 'entry-facts' : 'entry-facts text-danger'}>
              {sizeText(file.size)}, {file.words}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Sending({ fraction }: { fraction: number }) {
  const percent = Math.floor(fraction * 100);
  return (
    <p className="sending">
      <progress max={100} value={percent} aria-label="Sent" />{' '}
      {fraction < 1 ? `${percent} % sent` : 'Everything is sent; the files are being read and checked.'}
    </p>
  );
}

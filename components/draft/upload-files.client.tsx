'use client';
// Files for a draft: choose or drop them, read what was recognised, send them with progress, large ones each by itself so that
// they go on after whatever happens. Without script the form posts as it stands.
// A private key is recognised here and never sent. The server reads and checks everything again; its refusal is shown as it says it.

import type { RecognisedFile } from '#lib/browser/recognise-files.ts';
import { Actions } from '#components/ui/button.tsx';
import { DropFiles } from '#components/ui/drop-files.client.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { sizeText } from '#lib/core/size.ts';
import { SubmitButton } from '#components/ui/submit-button.client.tsx';
import { KnownUploads } from './known-uploads.client.tsx';
import { LargeFiles, type LargeRow } from './large-files.client.tsx';
import { useUpload } from './use-upload.client.ts';

type UploadFilesProps = {
  /** Where the files are posted to. */
  action: string;
  project: string;
  label: string;
  submit: string;
  /** The revision that was looked at, for changes of a draft. */
  revision?: number;
  look?: 'primary' | 'plain';
};

export function UploadFiles({ action, project, label, submit, revision, look = 'primary' }: UploadFilesProps) {
  const place = `/projects/${project}/uploads`;
  const { recognised, refusal, sent, rows, inspect, send } = useUpload(action, place);
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
      {rows.length === 0 ? <KnownUploads place={place} /> : null}
      {rows.length === 0 ? <Recognised files={recognised} /> : null}
      <LargeFiles rows={rows} />
      {sent === null || isUnderWay(rows) ? null : <Sending fraction={sent} />}
      <Actions>
        <SubmitButton look={look} isBusy={sent !== null} busy={sent === 1 ? 'Checking…' : 'Sending…'}>
          {submit}
        </SubmitButton>
      </Actions>
    </form>
  );
}

const isUnderWay = (rows: LargeRow[]): boolean => rows.some(({ state }) => state.phase !== 'done');

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

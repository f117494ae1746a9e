'use client';
// Before signing: the files of the draft as the server gives them, or the reader's own build, hashed in this browser and compared with what
// the statement binds. Nothing is sent. Says for each file whether it is the same; decides nothing, the reader does.

import { Actions, Button } from '#components/ui/button.tsx';
import { DropFiles } from '#components/ui/drop-files.client.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { HashingProgress } from '#components/ui/hashing-progress.tsx';
import { ComparedFiles } from './compared-files.client.tsx';
import { useCheckFiles, type FileToCheck } from './use-check-files.client.ts';

export function CheckFiles({ files }: { files: FileToCheck[] }) {
  const { state, refusal, compared, checkDownloads, checkOwn, stop } = useCheckFiles(files);
  return (
    <section aria-label="Check the files" data-needs-script className="form">
      <h3>Check the files</h3>
      <p>
        Your browser computes the digests itself and compares them with those that you are about to sign. Best is a
        build that you made on your own machine: choose its files, and nothing of them is sent.
      </p>
      <FormRefusal refusal={refusal} />
      <DropFiles label="Your own build" hint="The wheels and the source distribution." multiple onFiles={checkOwn} />
      <DropFiles label="Or a folder" hint="Such as dist, with everything in it." folder onFiles={checkOwn} />
      <Actions>
        <Button onClick={checkDownloads} aria-disabled={state !== null}>
          Download the draft’s files and check them
        </Button>
      </Actions>
      {state === null ? null : (
        <HashingProgress state={state} doing="Checking" stop={<Button onClick={stop}>Stop</Button>} />
      )}
      <div aria-live="polite">
        {compared === null ? null : <ComparedFiles of={compared.of} files={compared.files} />}
      </div>
    </section>
  );
}

'use client';
// "Sign the files themselves as well": one checkbox, and while the files are hashed how far and a way to stop. Where there are more than one
// hand-in takes, the command that does it with GnuPG.

import { Button } from '#components/ui/button.tsx';
import { Command } from '#components/ui/command.tsx';
import { Choice } from '#components/ui/field.tsx';
import { HashingProgress } from '#components/ui/hashing-progress.tsx';
import type { OwnKey } from './document.client.ts';
import type { WithFiles } from './use-file-signing.client.ts';

type FilesAsWellProps = { also: WithFiles; keys: readonly OwnKey[] };

export function FilesAsWell({ also, keys }: FilesAsWellProps) {
  const { way, isWanted, want, hashing, stop } = also;
  if (way === null) return null;
  if (way === 'tools') return <ByTool also={also} keys={keys} />;
  return (
    <>
      <Choice
        kind="checkbox"
        checked={isWanted}
        onChange={(event) => want(event.target.checked)}
        label="Sign the files themselves as well as the statement"
        hint="Then an .asc stands beside each file. They are downloaded and hashed here first; the statement alone counts as much."
      />
      {hashing === null ? null : (
        <HashingProgress state={hashing} doing="Hashing" stop={<Button onClick={stop}>Stop, sign nothing</Button>} />
      )}
    </>
  );
}

function ByTool({ also: { files }, keys: [key] }: FilesAsWellProps) {
  const names = files.map((file) => file.name).join(' ');
  return (
    <details className="reveal">
      <summary>To sign the files themselves as well</summary>
      <p>
        They are more than one hand-in takes, so that needs GnuPG: run this in the folder with the files, and hand in
        the .asc files, 16 at a time.
      </p>
      <Command
        command={`for file in ${names}; do gpg --local-user ${key?.fingerprint ?? ''} --armor --detach-sign "$file"; done`}
      />
    </details>
  );
}

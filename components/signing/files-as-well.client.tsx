'use client';
// "Sign the files themselves as well": one checkbox where the chosen key can do it here, otherwise the command that does it with GnuPG.

import { Command } from '#components/ui/command.tsx';
import { Choice } from '#components/ui/field.tsx';
import type { OwnKey } from './document.client.ts';
import type { WithFiles } from './use-file-signing.client.ts';

export function FilesAsWell({ also, keys }: { also: WithFiles; keys: readonly OwnKey[] }) {
  const { way, files, isWanted, want, hashing } = also;
  const names = files.map((file) => file.name).join(' ');
  const [key] = keys;
  if (way === null) return null;
  if (way === 'here')
    return (
      <>
        <Choice
          kind="checkbox"
          checked={isWanted}
          onChange={(event) => want(event.target.checked)}
          label="Sign the files themselves as well as the statement"
          hint="Then an .asc stands beside each file. They are downloaded and hashed here first; the statement alone counts as much."
        />
        {hashing === null ? null : <p role="status">Hashing {hashing}…</p>}
      </>
    );
  return (
    <details className="reveal">
      <summary>To sign the files themselves as well</summary>
      <p>
        With this key that needs GnuPG: run this in the folder with the files, and hand in the .asc files together with
        the signature over the statement.
      </p>
      <Command
        command={`for file in ${names}; do gpg --local-user ${key?.fingerprint ?? ''} --armor --detach-sign "$file"; done`}
      />
    </details>
  );
}

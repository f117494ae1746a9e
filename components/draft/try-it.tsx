// How to install the files before anything is published: the line for pip with the preview address, alone and with what it depends on from this index.
import type { ReactNode } from 'react';
import { Command } from '#components/ui/command.tsx';

type TryItProps = {
  /** Of the index for pip, with the secret in it; null: there is none now. */
  address: string | null;
  endedBy: string | null;
  /** The address of this instance, without a slash at its end. */
  origin: string;
  project: string;
  version: string;
  revision: number;
  children?: ReactNode;
};

export function TryIt({ address, endedBy, origin, project, version, revision, children }: TryItProps) {
  return (
    <section aria-labelledby="try">
      <h3 id="try" className="mt-8">
        Try it before you sign
      </h3>
      {address === null ? (
        <p>
          {endedBy === null
            ? 'There is no address at which these files can be installed now.'
            : `${endedBy} ended the address at which these files could be installed.`}
        </p>
      ) : (
        <Lines address={address} {...{ origin, project, version, revision }} />
      )}
      {children}
    </section>
  );
}

function Lines({ address, origin, project, version, revision }: Omit<TryItProps, 'endedBy'> & { address: string }) {
  const wanted = `'${project}==${version}'`;
  return (
    <>
      <p>
        These are the very files of revision {revision}, from an address that nobody guesses. Whoever has it can
        download them until the files change or the draft is over; nothing of that is published or signed. Installing
        runs what is in them: use a machine or container where that does no harm.
      </p>
      <div className="mt-4 grid gap-4">
        <Command
          label="The release alone, without what it depends on:"
          command={`pip install --no-deps --index-url ${address} ${wanted}`}
        />
        <Command
          label="With what it depends on, from this index:"
          command={`pip install --index-url ${address} --extra-index-url ${origin}/simple/ ${wanted}`}
        />
      </div>
    </>
  );
}

// How to install what is published, and how to check it without us: commands with the real names, which run as they stand.
import { Command } from '#components/ui/command.tsx';

type InstallProps = {
  /** The address of this instance, without a slash at its end. */
  origin: string;
  project: string;
  version?: string;
};

export function InstallCommands({ origin, project, version }: InstallProps) {
  const wanted = version === undefined ? project : `${project}==${version}`;
  return <Command command={`pip install --index-url ${origin}/simple/ '${wanted}'`} />;
}

type CheckProps = InstallProps & { version: string; file: string | undefined };

/** With curl, gpg and sha256sum alone. */
export function CheckCommands({ origin, project, version, file }: CheckProps) {
  const evidence = `${origin}/evidence/${project}/releases/${version}`;
  return (
    <div className="stack">
      <Command
        label="Fetch what was signed, and the signatures over it"
        command={`curl -sO ${evidence}/SHA256SUMS -sO ${evidence}/SHA256SUMS.asc`}
      />
      <Command
        label="Fetch the keys of the project"
        command={`curl -s ${origin}/projects/${project}/keyring.asc | gpg --import`}
      />
      <Command
        label="Check the signatures, and compare the fingerprints with those that you know"
        command="gpg --verify SHA256SUMS.asc SHA256SUMS"
      />
      <Command
        label={`Check the files that you downloaded${file === undefined ? '' : `, ${file} among them`}`}
        command="sha256sum --check --strict --ignore-missing SHA256SUMS"
      />
    </div>
  );
}

// How to install what is published: a command with the real names, which runs as it stands.
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

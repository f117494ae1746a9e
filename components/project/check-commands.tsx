// How to check a release with tools that are not ours: curl, gpg or sqv, sha256sum; and with our client, which trusts this site no more. Each
// command has the real names and runs as it stands, one after the other in an empty folder (tests/e2e runs them as they stand on the page).
import { Command } from '#components/ui/command.tsx';
import { Steps } from '#components/ui/steps.tsx';

type CheckProps = {
  /** The address of this instance, without a slash at its end. */
  origin: string;
  project: string;
  version: string;
  /** How many people must have signed. */
  threshold: number;
  /** One of its files, with its place in the index; undefined: there is none. */
  file: { name: string; path: string } | undefined;
  /** Somebody signed the statement; else each file has signatures of its own. */
  hasSignedStatement: boolean;
};

export function CheckCommands(props: CheckProps) {
  const { origin, project, version, file } = props;
  const files = { title: 'Check the files that you downloaded', body: <FileCheck origin={origin} file={file} /> };
  return (
    <Steps
      steps={[
        { title: 'Fetch what was signed, the signatures and the keys', body: <Fetch {...props} /> },
        {
          title: 'Compare the fingerprints',
          body: (
            <>
              <p>With those that the people themselves gave you, not with those on this page.</p>
              <Command command={`gpg --show-keys --fingerprint ${project}-keys.asc`} />
            </>
          ),
        },
        { title: 'Check the signatures', body: <SignatureCheck {...props} /> },
        ...(props.hasSignedStatement ? [files] : []),
        {
          title: 'Or all of it at once',
          body: (
            <>
              <p>
                Our client does the same from the evidence alone, and checks the chain of policies, the countersignature
                and the log as well. The first time it shows the fingerprints of this index and of the people of the
                project, for you to compare.
              </p>
              <Command command={`countersign verify '${project}==${version}' --index ${origin}`} />
            </>
          ),
        },
      ]}
    />
  );
}

function Fetch(props: CheckProps) {
  const { origin, project } = props;
  return (
    <div className="stack">
      <Command command={`curl -fsS --remote-name-all ${fetched(props).join(' ')}`} />
      <Command command={`curl -fsS -o ${project}-keys.asc ${origin}/projects/${project}/keyring.asc`} />
    </div>
  );
}

function SignatureCheck(props: CheckProps) {
  const { project, threshold } = props;
  const [signed, signature] = signedNames(props);
  return (
    <div className="stack">
      <p>
        There must be good ones by keys of {threshold === 1 ? 'one of the people' : `${threshold} of the people`}. With
        GnuPG:
      </p>
      <Command command={`gpg --dearmor --yes -o ${project}-keys.gpg ${project}-keys.asc`} />
      <Command command={`gpgv --keyring ./${project}-keys.gpg ${signature} ${signed}`} />
      <p>Or with Sequoia, which prints whose they are and fails if there are fewer:</p>
      <Command command={`sqv --keyring ${project}-keys.asc --signatures ${threshold} ${signature} ${signed}`} />
    </div>
  );
}

function FileCheck({ origin, file }: Pick<CheckProps, 'origin' | 'file'>) {
  return (
    <div className="stack">
      {file === undefined ? null : <Command command={`curl -fsS -O ${origin}${file.path}`} />}
      <Command command="sha256sum --check --strict --ignore-missing SHA256SUMS" />
    </div>
  );
}

/** What is signed, and the file with the signatures over it. */
function signedNames({ hasSignedStatement, file }: CheckProps): [string, string] {
  const name = hasSignedStatement || file === undefined ? 'SHA256SUMS' : file.name;
  return [name, `${name}.asc`];
}

function fetched(props: CheckProps): string[] {
  const { origin, project, version, file, hasSignedStatement } = props;
  const evidence = `${origin}/evidence/${project}/releases/${version}`;
  if (hasSignedStatement || file === undefined) return [`${evidence}/SHA256SUMS`, `${evidence}/SHA256SUMS.asc`];
  return [`${origin}${file.path}`, `${origin}${file.path}.asc`];
}

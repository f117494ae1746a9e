// How to check one version of the rules with tools that are not ours: curl, gpg or sqv, sha256sum. Each command has the real names and runs as it
// stands, one after the other in an empty folder.
import { Command } from '#components/ui/command.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Steps } from '#components/ui/steps.tsx';

type CheckProps = {
  /** The address of this instance, without a slash at its end. */
  origin: string;
  project: string;
  version: number;
  signedBy: { name: string; key: string }[];
  /** It names the one before. */
  follows: boolean;
};

export function PolicyCheck(props: CheckProps) {
  const { origin, project, version, signedBy, follows } = props;
  const place = `${origin}/evidence/${project}/policy`;
  const keys = `policy-${version}-keys`;
  const documents = [`${place}/${version}.json`, `${place}/${version}.json.asc`];
  if (follows) documents.push(`${place}/${version - 1}.json`);
  const certificates = [...new Set(signedBy.map(({ key }) => `${origin}/keys/${key}.asc`))];
  const whose = follows ? `policy ${version - 1}` : 'this policy itself, since it begins a chain';
  return (
    <Steps
      steps={[
        {
          title: 'Fetch the document, its signatures and the keys that made them',
          body: (
            <div className="stack">
              <Command command={`curl -fsS --remote-name-all ${documents.join(' ')}`} />
              <Command command={`curl -fsS ${certificates.join(' ')} > ${keys}.asc`} />
            </div>
          ),
        },
        {
          title: 'Check the signatures',
          body: <Signatures keys={keys} version={version} count={signedBy.length} />,
        },
        {
          title: 'Compare the fingerprints',
          body: (
            <>
              <p>They must be keys that {whose} gives to these people:</p>
              <ul className="ruled">
                {signedBy.map(({ name, key }) => (
                  <li key={key}>
                    {name}: <Fingerprint value={key} />
                  </li>
                ))}
              </ul>
            </>
          ),
        },
        ...(follows ? [{ title: 'Check that it follows', body: <Follows version={version} /> }] : []),
      ]}
    />
  );
}

function Follows({ version }: { version: number }) {
  const before = `${version - 1}.json`;
  return (
    <>
      <p>It names the SHA-256 of the version before; this prints that line, or nothing.</p>
      <Command command={`grep -F "$(sha256sum ${before} | cut -d ' ' -f 1)" ${version}.json`} />
    </>
  );
}

function Signatures({ keys, version, count }: { keys: string; version: number; count: number }) {
  const signed = `${version}.json.asc ${version}.json`;
  return (
    <div className="stack">
      <p>With GnuPG:</p>
      <Command command={`gpg --dearmor --yes -o ${keys}.gpg ${keys}.asc`} />
      <Command command={`gpgv --keyring ./${keys}.gpg ${signed}`} />
      <p>Or with Sequoia, which fails if there are fewer:</p>
      <Command command={`sqv --keyring ${keys}.asc --signatures ${count} ${signed}`} />
    </div>
  );
}

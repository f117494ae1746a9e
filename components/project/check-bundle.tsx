// How to check a release from its evidence bundle: fetch it once, and then without us, by the commands in its README or by a verifier that shares no code
// with this site. Each command has the real names (tests/interop runs what they lead to).
import { Command } from '#components/ui/command.tsx';
import { Digest } from '#components/ui/hex.tsx';
import { Steps } from '#components/ui/steps.tsx';

type BundleProps = {
  /** The address of this instance, without a slash at its end. */
  origin: string;
  /** Where the bundle is, and its name. */
  path: string;
  name: string;
  /** Where our client is to be had, and its SHA-256; null: not here. */
  client: { path: string; sha256: string } | null;
};

export function CheckBundle({ origin, path, name, client }: BundleProps) {
  return (
    <Steps
      steps={[
        { title: 'Fetch the evidence', body: <Command command={`curl -fsS -O ${origin}${path}`} /> },
        {
          title: 'Take it and the files to any machine',
          body: (
            <>
              <p>
                In it are the policies, the keys, the statement, all signatures, the countersigned record, and proofs of
                the log. Its README has the commands that check it with gpg or sqv and sha256sum alone.
              </p>
              <Command command={`unzip ${name}`} />
            </>
          ),
        },
        {
          title: 'Or let a program do it that shares no code with us',
          body: (
            <>
              <p>Python and gpgv or sqv are all it needs; it is docs/verify_release.py in the source of Countersign.</p>
              <Command command={`python3 verify_release.py ${name}`} />
            </>
          ),
        },
        {
          title: 'Or our client',
          body: <ByClient origin={origin} client={client} command={`verify --evidence ${name}`} />,
        },
      ]}
    />
  );
}

type ByClientProps = Pick<BundleProps, 'origin' | 'client'> & { command: string };

/** Whoever has no client yet gets one here, and is told what that is worth. */
function ByClient({ origin, client, command }: ByClientProps) {
  if (client === null) return <Command command={`countersign ${command}`} />;
  return (
    <>
      <p>It is one file and needs nothing but Node, 20 or later.</p>
      <Command command={`curl -fsS -O ${origin}${client.path} && sha256sum countersign.mjs`} />
      <p>
        Fetched from here it is only as good as this site was at that moment: a site that lies can hand out a client
        that lies. Compare its SHA-256 with somebody who has it from elsewhere, or build it from the source, and keep it
        from then on. What this site hands out has
      </p>
      <p>
        <Digest value={client.sha256} />
      </p>
      <Command command={`node countersign.mjs ${command}`} />
    </>
  );
}

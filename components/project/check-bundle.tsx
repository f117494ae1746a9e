// How to check a release from its evidence bundle: fetch it once, and then without us, by the commands in its README or by a verifier that shares no code
// with this site. Each command has the real names (tests/interop runs what they lead to).
import { Command } from '#components/ui/command.tsx';
import { Steps } from '#components/ui/steps.tsx';

type BundleProps = {
  /** The address of this instance, without a slash at its end. */
  origin: string;
  /** Where the bundle is, and its name. */
  path: string;
  name: string;
};

export function CheckBundle({ origin, path, name }: BundleProps) {
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
        { title: 'Or our client', body: <Command command={`countersign verify --evidence ${name}`} /> },
      ]}
    />
  );
}

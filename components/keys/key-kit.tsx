// The sheet to print and put away: which key, until when, which files, and what to do on the day when something is lost. It holds nothing
// secret but the revocation certificate, with which anybody can end the key; it does not hold the key.
import { readFingerprint } from '#lib/core/ids.ts';
import { Facts } from '#components/ui/facts.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { SpokenWords } from './spoken-words.tsx';

type KeyKitProps = {
  made: { fingerprint: string; userId: string; madeAt: number; expires: number; revocation: string };
  files: Record<'backup' | 'revocation', { name: string }>;
  index: { name: string; address: string };
};

export function KeyKit({ made, files, index }: KeyKitProps) {
  return (
    <section className="kit" aria-label="The kit">
      <h2>Key kit for {index.name}</h2>
      <Facts
        facts={[
          { term: 'Key of', value: made.userId },
          { term: 'Fingerprint', value: <Fingerprint value={made.fingerprint} /> },
          { term: 'To read aloud', value: <SpokenWords fingerprint={readFingerprint(made.fingerprint)} /> },
          { term: 'Made', value: <Moment at={new Date(made.madeAt)} /> },
          { term: 'Expires', value: <Moment at={new Date(made.expires)} /> },
          { term: 'Backup', value: <FileName name={files.backup.name} /> },
          { term: 'Revocation', value: <FileName name={files.revocation.name} /> },
          { term: 'Registered at', value: index.address },
          {
            term: 'Passphrase',
            value: <span className="kit-line">In your head, or here by hand on locked-away paper:</span>,
          },
        ]}
      />
      <h3>If this browser is lost, or you change machines</h3>
      <p>
        Nothing is lost: sign with the backup file and the passphrase. In GnuPG: <code>gpg --import</code> and the name
        of the backup file.
      </p>
      <h3>If the passphrase or every copy of the backup is lost</h3>
      <p>
        Sign in, make a new key, and ask the owners of your projects to put it in place of this one. What you signed
        stays good.
      </p>
      <h3>If somebody else may have the backup and the passphrase</h3>
      <p>
        End the key at once: sign in at {index.address}, open the page of the key, and hand in the revocation
        certificate there. Tell the owners of your projects. Nothing that it signed counts from then on.
      </p>
      <h3>The revocation certificate</h3>
      <pre className="kit-certificate">
        <code>{made.revocation.trim()}</code>
      </pre>
    </section>
  );
}

const FileName = ({ name }: { name: string }) => <code className="wrap-anywhere">{name}</code>;

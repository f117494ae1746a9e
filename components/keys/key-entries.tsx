// Keys in a list: full fingerprint, state in a word, what it is for and what comes next.
import { Fingerprint } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { StateChip } from '#components/ui/state-chip.tsx';

export type KeyEntry = {
  fingerprint: string;
  state: 'unproven' | 'active' | 'expiring' | 'expired' | 'revoked' | 'lost';
  algorithm: string;
  userIds: readonly string[];
  expires: Date | null;
  projects: string[];
};

export function KeyEntries({ keys }: { keys: KeyEntry[] }) {
  if (keys.length === 0) return <p>You have not added a key yet. Without one you can read, but not sign.</p>;
  return (
    <ul className="entries" aria-label="Your keys">
      {keys.map((key) => (
        <li key={key.fingerprint}>
          <div className="entry-head">
            <h3>
              <a href={`/account/keys/${key.fingerprint}`}>{key.userIds[0] ?? 'A key without a user id'}</a>
            </h3>
            <StateChip state={key.state} />
          </div>
          <p>
            <Fingerprint value={key.fingerprint} copy />
          </p>
          <p className="entry-facts">
            {key.algorithm}
            {key.expires === null ? ', does not expire' : ', until '}
            {key.expires === null ? null : <Moment at={key.expires} />}
            {key.projects.length === 0 ? '' : `. Signs for ${key.projects.join(', ')}`}
          </p>
          {key.state === 'unproven' ? (
            <p>
              <a href={`/account/keys/${key.fingerprint}`}>Prove that it is yours</a>; until then it cannot sign
              anything here.
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

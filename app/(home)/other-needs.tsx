// What needs the reader besides signatures: people to confirm or to add, and keys of their own that end soon.

import { Fingerprint } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import type { Home } from '#lib/server/queries/home.ts';

type OtherNeedsProps = Pick<Home['needsMe'], 'people' | 'keys'>;

export function OtherNeeds({ people, keys }: OtherNeedsProps) {
  if (people.length + keys.length === 0) return null;
  return (
    <ul className="entries" aria-label="What else needs you">
      {people.map(({ project, name, isConfirmed }) => (
        <li key={`${project} ${name}`}>
          <h3>
            <a href={`/projects/${project}/people`}>
              {isConfirmed ? `Add ${name} to ${project}` : `Compare the key of ${name} for ${project}`}
            </a>
          </h3>
          <p>
            {isConfirmed
              ? 'The key is confirmed. Propose the policy that names it; people sign that.'
              : `${name} accepted the invitation. Compare the fingerprint with what you got from them elsewhere.`}
          </p>
        </li>
      ))}
      {keys.map(({ fingerprint, ends }) => (
        <li key={fingerprint}>
          <h3>
            <a href={`/account/keys/${fingerprint}`}>A key of yours ends soon</a>
          </h3>
          <p>
            On <Moment at={ends} />. Extend it with your own tool and upload it again, or add another one.
          </p>
          <p className="entry-facts">
            <Fingerprint value={fingerprint} />
          </p>
        </li>
      ))}
    </ul>
  );
}

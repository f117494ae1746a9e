// Who built the files by themselves and what they got: in words and shape, with how it was done, and both digests where they differ. It stands apart
// from the signatures and counts nothing.
import type { ReactNode } from 'react';
import { Digest } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Shape } from '#components/ui/shape.tsx';
import { Words } from './words.tsx';

export type RebuildEntry = {
  id: string;
  name: string;
  revision: number;
  at: Date;
  /** Behind the name. */
  outcome: string;
  isSame: boolean;
  recipe: string;
  files: { name: string; sha256: string; expected: string; isSame: boolean }[];
};

type RebuildEntriesProps = {
  rebuilds: RebuildEntry[];
  /** What the reader can do with one. */
  actions?: (rebuild: RebuildEntry) => ReactNode;
};

export function RebuildEntries({ rebuilds, actions }: RebuildEntriesProps) {
  return (
    <ul className="entries" aria-label="Who rebuilt the files">
      {rebuilds.map((rebuild) => (
        <li key={rebuild.id}>
          <p>
            <span className="chip" data-tone={rebuild.isSame ? 'good' : 'warning'}>
              <Shape name={rebuild.isSame ? 'tick' : 'triangle'} />
            </span>{' '}
            <strong>{rebuild.name}</strong> <span className="wrap-anywhere">{rebuild.outcome}</span>, of revision{' '}
            {rebuild.revision}, <Moment at={rebuild.at} />
          </p>
          <Words text={rebuild.recipe} />
          <OtherDigests rebuild={rebuild} />
          {actions?.(rebuild)}
        </li>
      ))}
    </ul>
  );
}

function OtherDigests({ rebuild: { files } }: { rebuild: RebuildEntry }) {
  const others = files.filter(({ isSame }) => !isSame);
  return others.map(({ name, sha256, expected }) => (
    <div key={name} className="entry-facts">
      <p className="wrap-anywhere">{name}</p>
      <p>
        They got <Digest value={sha256} />
      </p>
      <p>
        The statement binds <Digest value={expected} />
      </p>
    </div>
  ));
}

// How a page divides: its head, one column for reading with a side column for evidence, and clauses numbered like a contract.

import type { ReactNode } from 'react';

type PageHeadingProps = {
  title: string;
  /** The way here: "requests", "9.1.0". */
  trail?: { href: string; label: string }[];
  /** One sentence under the title. */
  lead?: ReactNode;
  /** State chip or count, at the end of the line. */
  aside?: ReactNode;
};

export function PageHeading({ title, trail = [], lead, aside }: PageHeadingProps) {
  return (
    <div className="page-heading">
      <div>
        {trail.length === 0 ? null : (
          <nav aria-label="You are here">
            <ol className="trail">
              {trail.map((place) => (
                <li key={place.href}>
                  <a href={place.href}>{place.label}</a>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1>{title}</h1>
        {lead === undefined ? null : <p className="lead">{lead}</p>}
      </div>
      {aside}
    </div>
  );
}

/** The reading column, and from 1,000 px up a second one beside it. */
export function Columns({
  children,
  aside,
  asideLabel,
}: {
  children: ReactNode;
  aside?: ReactNode;
  asideLabel?: string;
}) {
  return (
    <div className="columns">
      <div>{children}</div>
      {aside === undefined ? null : <aside aria-label={asideLabel}>{aside}</aside>}
    </div>
  );
}

type ClauseProps = {
  number?: number;
  title: string;
  id?: string;
  /** On a page without a side column: title at the left, text at the right. */
  wide?: boolean;
  children: ReactNode;
};

/** A section between hairlines; with a number where the order matters. */
export function Clause({ number, title, id, wide = false, children }: ClauseProps) {
  return (
    <section className="clause" id={id} data-wide={wide ? '' : undefined}>
      <h2>
        {number === undefined ? null : <span className="clause-number">{number}</span>}
        <span>{title}</span>
      </h2>
      <div className="clause-body">{children}</div>
    </section>
  );
}

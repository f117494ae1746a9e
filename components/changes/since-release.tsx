// What changed since the release before, in sentences, beside what is signed. The words are made with the comparison; text of strangers in them is visible already.

import { Notice } from '#components/ui/notice.tsx';

export type ChangeLine = { weight: 'look' | 'note'; say: string };

/** `details`: where all of it stands, line by line; null: the reader has no such page. `id`: where a page that shows one draft leads to. */
export function SinceRelease({
  id,
  since,
  details,
}: {
  id?: string;
  since: { version: string; changes: ChangeLine[] } | null;
  details: string | null;
}) {
  if (since === null) {
    return (
      <>
        <h3 className="mt-8">What changed</h3>
        <p>Nothing of this project was published here before, so there is nothing to compare it with.</p>
      </>
    );
  }
  return (
    <>
      <h3 id={id} className="mt-8">
        What changed since {since.version}
      </h3>
      <ChangeLines lines={since.changes} label={`What changed since ${since.version}`} />
      {details === null ? null : (
        <p>
          <a href={details}>Every file that changed, line by line</a>
        </p>
      )}
    </>
  );
}

const shownMost = 60;

export function ChangeLines({ lines, label }: { lines: ChangeLine[]; label: string }) {
  const more = lines.length - shownMost;
  return (
    <>
      <ul className="change-lines" aria-label={label}>
        {lines.slice(0, shownMost).map(({ weight, say }) => (
          <li key={say} data-weight={weight} className="wrap-anywhere">
            {weight === 'look' ? <strong>{say}</strong> : say}
          </li>
        ))}
      </ul>
      {more > 0 ? <Notice tone="warning" title={`${more} more changes are not listed here.`} /> : null}
    </>
  );
}

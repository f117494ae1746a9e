// The paths of one file that came, went, changed or moved, each with the lines that differ. Signs and words say what colours say. All text is visible already.

import { sizeText } from '#lib/core/size.ts';
import { Notice } from '#components/ui/notice.tsx';

export type Line = { kind: 'same' | 'added' | 'removed' | 'end'; text: string };
type Hunk = { before: number; after: number; lines: readonly Line[] };
type TextChange =
  | { kind: 'not-text' }
  | { kind: 'too-long' }
  | { kind: 'lines'; added: number; removed: number; hunks: readonly Hunk[]; left: number; wholly: boolean };

export type ShownPath = {
  kind: 'added' | 'removed' | 'changed' | 'moved';
  path: string;
  from: string | null;
  was: number | null;
  is: number | null;
  target: string | null;
  text: TextChange | null;
};

/** `first`: the number of the first of them; `linesMost`: of one path, with a link to all of them where there are more. */
export function ChangedPaths({
  paths,
  first,
  linesMost,
  wholeAt,
}: {
  paths: readonly ShownPath[];
  first: number;
  linesMost: number;
  wholeAt: (number: number) => string;
}) {
  return (
    <ol className="changed-paths" start={first + 1} aria-label="Paths that changed">
      {paths.map((change, at) => (
        <li key={change.path} id={`path-${first + at}`}>
          <h3 className="file-name">{change.path}</h3>
          <p className="entry-facts">{sayChange(change)}</p>
          {change.text === null ? null : (
            <TextLines text={change.text} most={linesMost} whole={wholeAt(first + at)} of={change.path} />
          )}
        </li>
      ))}
    </ol>
  );
}

const words = { added: 'Added', removed: 'Removed', changed: 'Changed', moved: 'Moved' };

function sayChange({ kind, from, was, is, text }: ShownPath): string {
  const sizes = [was, is].flatMap((bytes) => (bytes === null ? [] : [sizeText(bytes)]));
  const moved = from === null ? '' : ` from ${from}`;
  const lines =
    text?.kind === 'lines' && text.added + text.removed > 0 ? `, +${text.added} −${text.removed} lines` : '';
  return `${words[kind]}${moved}, ${[...new Set(sizes)].join(' → ')}${lines}.`;
}

function TextLines({ text, most, whole, of }: { text: TextChange; most: number; whole: string; of: string }) {
  if (text.kind === 'not-text') return <p className="entry-facts">It is no text: only its digest tells it apart.</p>;
  if (text.kind === 'too-long') return <p className="entry-facts">It is too long to be compared line by line here.</p>;
  if (text.hunks.length === 0) return null;
  const { shown, hidden } = firstLines(text.hunks, most);
  return (
    <>
      {text.wholly ? (
        <Notice title="Before and after are too different to be laid beside each other: what came stands first." />
      ) : null}
      <div className="diff" role="group" aria-label={`Lines of ${of} that differ`}>
        {shown.map((hunk, at) => (
          <HunkLines key={at} hunk={hunk} />
        ))}
      </div>
      {hidden > 0 ? (
        <p>
          <a href={whole}>{hidden} more lines</a>
        </p>
      ) : null}
      {text.left > 0 ? (
        <p className="entry-facts">{text.left} more changed lines are not kept here; the files themselves have them.</p>
      ) : null}
    </>
  );
}

function firstLines(hunks: readonly Hunk[], most: number): { shown: Hunk[]; hidden: number } {
  const all = hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  const shown: Hunk[] = [];
  let left = most;
  for (const hunk of hunks) {
    if (left > 0) shown.push({ ...hunk, lines: hunk.lines.slice(0, left) });
    left -= hunk.lines.length;
  }
  return { shown, hidden: Math.max(0, all - most) };
}

const signs = { same: ' ', added: '+', removed: '−', end: ' ' };

function HunkLines({ hunk: { after, before, lines } }: { hunk: Hunk }) {
  return (
    <>
      <p className="diff-place">{after === before ? `Line ${after}` : `Line ${after}, before it was line ${before}`}</p>
      <pre>
        {lines.map(({ kind, text }, at) => {
          const content = `${signs[kind]} ${text}\n`;
          if (kind === 'added') return <ins key={at}>{content}</ins>;
          return kind === 'removed' ? <del key={at}>{content}</del> : <span key={at}>{content}</span>;
        })}
      </pre>
    </>
  );
}

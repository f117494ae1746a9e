// The description of a release, as its authors wrote it: Markdown as elements, everything else as the text that it is. All of it is text of strangers.

import { visibleControls } from '#lib/core/visible-text.ts';
import { markdownCharactersMax, markdownElements, type HeadingAbove } from './markdown.tsx';

export type ShownDescription = {
  kind: 'markdown' | 'rst' | 'plain';
  /** Why it is shown as it stands although it says something else. */
  problem: string | null;
  text: string;
  /** Characters that were not kept. */
  left: number;
  file: string;
};

/** `above`: the level of the heading that it stands under. */
export function Description({ description, above }: { description: ShownDescription; above: HeadingAbove }) {
  const { kind, problem, text, left, file } = description;
  const shown = kind === 'markdown' ? cutAtLine(text) : text;
  const elements = kind === 'markdown' ? markdownElements(visibleControls(shown), above) : null;
  const missing = left + text.length - shown.length;
  return (
    <div className="description">
      <p className="entry-facts">
        From the metadata of {file}. {sayHow(kind, problem, elements !== null)}
      </p>
      {elements ?? <pre className="mail-text">{visibleControls(shown)}</pre>}
      {missing === 0 ? null : <p className="entry-facts">{missing} more characters are in the file itself.</p>}
    </div>
  );
}

/** Folded, beside what is signed: it is read by those who want to know how the page of the release will look. */
export function DescriptionOfDraft({ description }: { description: ShownDescription | null }) {
  if (description === null) return <p className="entry-facts">Its files have no description.</p>;
  return (
    <details className="reveal">
      <summary>The description of this release</summary>
      <Description description={description} above={3} />
    </details>
  );
}

function sayHow(kind: ShownDescription['kind'], problem: string | null, isRead: boolean): string {
  if (problem !== null) return `It is shown as it stands: ${problem}.`;
  if (kind === 'rst') return 'It is reStructuredText, shown as it stands.';
  if (kind === 'plain') return 'It is plain text.';
  return isRead
    ? 'Pictures are shown as links.'
    : 'It is Markdown of a shape that is not read here, and shown as it stands.';
}

function cutAtLine(text: string): string {
  if (text.length <= markdownCharactersMax) return text;
  const end = text.lastIndexOf('\n', markdownCharactersMax);
  return text.slice(0, end > 0 ? end : markdownCharactersMax);
}

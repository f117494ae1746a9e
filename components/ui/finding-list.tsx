// What a look at something found, one line each: how it stands (as a shape and a word, never by colour alone), in words, and what to do.

import { Shape, type ShapeName } from './shape.tsx';

export type FindingLine = {
  check: string;
  state: 'good' | 'note' | 'warning' | 'broken';
  says: string;
  remedy: string | null;
};

const shapes: Record<FindingLine['state'], ShapeName> = {
  good: 'tick',
  note: 'bar',
  warning: 'triangle',
  broken: 'cross',
};
const words: Record<FindingLine['state'], string> = {
  good: 'Good',
  note: 'Note',
  warning: 'Warning',
  broken: 'Broken',
};

/** What needs somebody stands first. */
export function FindingList({ findings, label }: { findings: FindingLine[]; label: string }) {
  const order = ['broken', 'warning', 'note', 'good'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <ul className="finding-list" aria-label={label}>
      {sorted.map(({ check, state, says, remedy }) => (
        <li key={`${check} ${says}`} data-state={state}>
          <Shape name={shapes[state]} />
          <div>
            <p className="wrap-anywhere">
              <strong>{check}:</strong> <span className="sr-only">{words[state]}.</span> {says}
            </p>
            {remedy === null ? null : <p className="entry-facts wrap-anywhere">{remedy}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

// State words, the same everywhere, each with its shape: never told by colour alone. The one list of words and shapes.

import type { Tone } from './notice.tsx';
import { Shape, type ShapeName } from './shape.tsx';

const states = {
  // a release
  draft: { word: 'Open for signatures', tone: 'accent', shape: 'half' },
  declined: { word: 'Declined', tone: 'danger', shape: 'cross' },
  approved: { word: 'Approved, awaiting countersignature', tone: 'accent', shape: 'full' },
  published: { word: 'Published', tone: 'good', shape: 'tick' },
  yanked: { word: 'Yanked', tone: 'warning', shape: 'triangle' },
  quarantined: { word: 'Quarantined', tone: 'danger', shape: 'triangle' },
  withdrawn: { word: 'Withdrawn', tone: 'plain', shape: 'bar' },
  expired: { word: 'Expired', tone: 'plain', shape: 'bar' },
  // a key
  unproven: { word: 'Not proven yet', tone: 'warning', shape: 'empty' },
  active: { word: 'Active', tone: 'good', shape: 'tick' },
  expiring: { word: 'Expires soon', tone: 'warning', shape: 'triangle' },
  lost: { word: 'Lost', tone: 'danger', shape: 'cross' },
  revoked: { word: 'Revoked', tone: 'danger', shape: 'cross' },
  retired: { word: 'Retired', tone: 'plain', shape: 'bar' },
  struck: { word: 'Struck', tone: 'danger', shape: 'cross' },
  // a person, a step
  invited: { word: 'Invited', tone: 'plain', shape: 'empty' },
  waiting: { word: 'Waiting', tone: 'plain', shape: 'empty' },
  current: { word: 'Next', tone: 'accent', shape: 'half' },
  done: { word: 'Done', tone: 'good', shape: 'tick' },
} as const satisfies Record<string, { word: string; tone: Tone; shape: ShapeName }>;

export type StateName = keyof typeof states;

/** The word and shape of a state. `word` says the same more exactly ("Expires in 12 days"). */
export function StateChip({ state, word }: { state: StateName; word?: string }) {
  const entry = states[state];
  return (
    <span className="chip" data-tone={entry.tone} data-state={state}>
      <Shape name={entry.shape} />
      {word ?? entry.word}
    </span>
  );
}

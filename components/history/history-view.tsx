// A whole timeline: the filter, the entries, the way to older ones, the file to take along. The same for project, draft and account.

import type { ReactNode } from 'react';
import { Empty } from '#components/ui/empty.tsx';
import { HistoryFilter, type Choice, type FilterValues } from './history-filter.tsx';
import { Timeline, type Place, type TimelineEntry } from './timeline.tsx';

export type HistoryShown = {
  /** The address of the timeline without its query. */
  here: string;
  entries: TimelineEntry[];
  values: FilterValues;
  kinds: Choice[];
  people: string[];
  releases: string[];
  /** Addresses; null: there are none. */
  older: string | null;
  newest: string | null;
  download: string;
};

type HistoryViewProps = { shown: HistoryShown; label: string; place: Place; empty: ReactNode };

export function HistoryView({ shown, label, place, empty }: HistoryViewProps) {
  const { here, entries, values, kinds, people, releases, older, newest, download } = shown;
  const isNarrowed = newest !== null || Object.values(values).some((value) => value !== '');
  return (
    <div className="stack">
      <HistoryFilter {...{ here, values, kinds, people, releases }} />
      {entries.length > 0 ? <Timeline entries={entries} label={label} place={place} /> : null}
      {entries.length === 0 && !isNarrowed ? <Empty title="Nothing has happened yet">{empty}</Empty> : null}
      {entries.length === 0 && isNarrowed ? (
        <Empty title="Nothing matches">
          There is no such entry here. Choose less narrowly, or <a href={here}>show everything</a>.
        </Empty>
      ) : null}
      <nav aria-label="More of this history" className="actions">
        {newest === null ? null : <a href={newest}>Newest entries</a>}
        {older === null ? null : <a href={older}>Older entries</a>}
        <a href={download} download>
          Download as JSON Lines
        </a>
      </nav>
    </div>
  );
}

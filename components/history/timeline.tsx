// What happened, newest first or oldest first as given: time, then a sentence with who did what.

import type { ReactNode } from 'react';
import { Moment } from './moment.tsx';

export type TimelineEvent = { key: string; at: Date | string; what: ReactNode };

export function Timeline({ events, label }: { events: TimelineEvent[]; label: string }) {
  return (
    <ol className="timeline" aria-label={label}>
      {events.map((event) => (
        <li key={event.key}>
          <Moment at={event.at} />
          <span>{event.what}</span>
        </li>
      ))}
    </ol>
  );
}

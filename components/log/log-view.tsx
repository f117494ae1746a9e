// The log as a page shows it: entries, the way to older ones; beside them the checkpoint, its witnesses, and how to check all of it without this page.

import { Code, Command } from '#components/ui/command.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause } from '#components/ui/page.tsx';
import { LogEntries, type LogLine } from './log-entries.tsx';

export type LogEnd = {
  text: string;
  size: number;
  witnesses: { name: string; at: Date | null; size: number | null }[];
};

type LogViewProps = {
  /** The address of this page without its query. */
  here: string;
  lines: LogLine[];
  older: number | null;
  /** Whether newer entries are left out. */
  isOlder: boolean;
  end: LogEnd | null;
  caption: string;
  origin: string;
};

export function LogView({ here, lines, older, isOlder, end, caption, origin }: LogViewProps) {
  return (
    <>
      <div className="stack">
        {lines.length > 0 ? <LogEntries lines={lines} caption={caption} /> : null}
        {lines.length === 0 && !isOlder ? (
          <Empty title="Nothing is published yet">What is published stands here for ever.</Empty>
        ) : null}
        {lines.length === 0 && isOlder ? (
          <Empty title="Nothing older">
            There is no entry below that number. <a href={here}>Newest entries</a>
          </Empty>
        ) : null}
        <nav aria-label="More of the log" className="actions">
          {isOlder && lines.length > 0 ? <a href={here}>Newest entries</a> : null}
          {older === null ? null : <a href={`${here}?before=${older}`}>Older entries</a>}
        </nav>
      </div>
      {end === null ? null : <End end={end} origin={origin} />}
    </>
  );
}

function End({ end, origin }: { end: LogEnd; origin: string }) {
  return (
    <>
      <Clause wide title="Checkpoint" id="checkpoint">
        <p>
          All {end.size} entries in one hash, signed by the countersigner with the key of the log. Whoever keeps it can
          be shown later that nothing before it was changed.
        </p>
        <Code text={end.text} label="log/checkpoint, as it is served" what="the checkpoint" />
      </Clause>
      <Clause wide title="Witnesses" id="witnesses">
        <Witnesses end={end} />
      </Clause>
      <Clause wide title="Check it without trusting us" id="check">
        <div className="stack">
          <Command
            command={`countersign audit --index ${origin}`}
            label="Everything that is served against everything that the log tells"
          />
          <Command command={`curl -s ${origin}/log/checkpoint`} label="How many entries there are, and their hash" />
          <Command
            command={`curl -s ${origin}/log/number/keys/index.asc`}
            label="Which entry tells a document: its path behind log/number/"
          />
        </div>
      </Clause>
    </>
  );
}

function Witnesses({ end: { witnesses, size } }: { end: LogEnd }) {
  if (witnesses.length === 0)
    return (
      <p>
        Nobody witnesses this log yet. A witness remembers what it saw and signs nothing else, so that an index cannot
        show different logs to different people.
      </p>
    );
  return (
    <ul className="entries">
      {witnesses.map((witness) => (
        <li key={witness.name}>
          <strong>{witness.name}</strong>{' '}
          <span className="entry-facts">
            <Seen {...witness} newest={size} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Seen({ at, size, newest }: { at: Date | null; size: number | null; newest: number }) {
  if (at === null || size === null) return 'has not signed yet';
  return (
    <>
      {size === newest ? 'signed this checkpoint' : `signed the first ${size} entries`}, <Moment at={at} />
    </>
  );
}

// Entries of the public log, newest first: number, what happened, since when it is known here, and the document that says so.

import { Digest, Fingerprint } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Table } from '#components/ui/table.tsx';
import { sayEntry, type LoggedEvent } from './say-entry.ts';

export type LogLine = LoggedEvent & { number: number; sha256: string; fingerprint: string | null; knownAt: Date };

const columns = [
  { key: 'number', label: 'Entry' },
  { key: 'what', label: 'What' },
  { key: 'document', label: 'Document' },
  { key: 'at', label: 'Here since' },
];

/** `caption` says of what these are the entries. */
export function LogEntries({ lines, caption }: { lines: LogLine[]; caption: string }) {
  const rows = lines.map((line) => ({
    key: String(line.number),
    cells: {
      number: <span id={`entry-${line.number}`}>{line.number}</span>,
      what: <What line={line} />,
      document: <Document line={line} />,
      at: <Moment at={line.knownAt} />,
    },
  }));
  return <Table caption={caption} captionHidden columns={columns} rows={rows} />;
}

function What({ line }: { line: LogLine }) {
  const says = sayEntry(line);
  return (
    <>
      {line.project === null ? says : <a href={placeOf(line.project, line.version)}>{says}</a>}
      {line.fingerprint === null ? null : (
        <span className="entry-facts block">
          <Fingerprint value={line.fingerprint} />
        </span>
      )}
    </>
  );
}

const placeOf = (project: string, version: string | null): string =>
  `/projects/${project}${version === null ? '' : `/releases/${encodeURIComponent(version)}`}`;

function Document({ line: { path, sha256 } }: { line: LogLine }) {
  return (
    <>
      <a href={`/${path}`}>{path}</a>
      <span className="entry-facts block">
        SHA-256 <Digest value={sha256} />
      </span>
    </>
  );
}

// What became of the files of a release at another index: one line each, with what that index said, which is hostile text and shown as such.

import { Moment } from '#components/ui/moment.tsx';
import { StateChip, type StateName } from '#components/ui/state-chip.tsx';
import { Table } from '#components/ui/table.tsx';

export type ElsewhereEntry = {
  name: string;
  state: 'waiting' | 'done' | 'failed' | 'stopped';
  at: Date;
  says: string | null;
  tries: number;
};

const chips: Record<ElsewhereEntry['state'], { state: StateName; word: string }> = {
  waiting: { state: 'waiting', word: 'On its way' },
  done: { state: 'done', word: 'There' },
  failed: { state: 'struck', word: 'Failed' },
  stopped: { state: 'expired', word: 'Not sent' },
};

const columns = [
  { key: 'file', label: 'File' },
  { key: 'state', label: 'State' },
  { key: 'says', label: 'What came of it' },
];

export function ElsewhereEntries({ caption, files }: { caption: string; files: readonly ElsewhereEntry[] }) {
  const rows = files.map((file) => ({
    key: file.name,
    cells: {
      file: <span className="wrap-anywhere">{file.name}</span>,
      state: <StateChip {...chips[file.state]} />,
      says: <Said file={file} />,
    },
  }));
  return <Table caption={caption} captionHidden columns={columns} rows={rows} />;
}

function Said({ file: { state, at, says, tries } }: { file: ElsewhereEntry }) {
  const next = tries === 0 ? 'It is sent next, from ' : 'It is tried again at ';
  return (
    <>
      {state === 'waiting' ? next : null}
      <Moment at={at} />
      {says === null ? null : <span className="wrap-anywhere">: {says}</span>}
    </>
  );
}

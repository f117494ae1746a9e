// What a policy changes against the one before it, side by side.
import { Table } from '#components/ui/table.tsx';

export type PolicyChange = { what: string; before: string | null; after: string };

export function PolicyChanges({ changes, version }: { changes: PolicyChange[]; version: number }) {
  const columns = [
    { key: 'what', label: 'What' },
    { key: 'before', label: version === 1 ? 'Before' : `In policy ${version - 1}` },
    { key: 'after', label: `In policy ${version}` },
  ];
  const rows = changes.map(({ what, before, after }) => ({
    key: what,
    cells: { what, before: before ?? 'none', after: <strong>{after}</strong> },
  }));
  return <Table caption={`What policy ${version} changes`} captionHidden columns={columns} rows={rows} />;
}

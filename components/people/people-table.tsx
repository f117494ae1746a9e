// People of a project: name, role, keys with full fingerprints and their states, and whether they could sign today.
import { Fingerprint } from '#components/ui/hex.tsx';
import { StateChip, type StateName } from '#components/ui/state-chip.tsx';
import { Table } from '#components/ui/table.tsx';

export type PersonEntry = {
  name: string;
  role: 'owner' | 'maintainer';
  keys: { fingerprint: string; state: StateName | 'unknown' }[];
  canSign: boolean;
};

const columns = [
  { key: 'name', label: 'Name' },
  { key: 'role', label: 'Role' },
  { key: 'keys', label: 'Signs with' },
];

export function PeopleTable({ people, caption }: { people: PersonEntry[]; caption: string }) {
  const rows = people.map((person) => ({
    key: person.name,
    cells: { name: person.name, role: person.role === 'owner' ? 'Owner' : 'Maintainer', keys: <Keys {...person} /> },
  }));
  return <Table caption={caption} captionHidden columns={columns} rows={rows} />;
}

function Keys({ keys, canSign }: PersonEntry) {
  return (
    <>
      {keys.map((key) => (
        <span key={key.fingerprint} className="key-line">
          <Fingerprint value={key.fingerprint} />
          {key.state === 'unknown' || key.state === 'active' ? null : <StateChip state={key.state} />}
        </span>
      ))}
      {canSign ? null : <span className="text-danger">Cannot sign at the moment.</span>}
    </>
  );
}

// People of a project: name, role, keys with full fingerprints and their states, and whether they could sign today. Each key leads to the page
// where its fingerprint is compared.
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

export function PeopleTable({ people, project }: { people: PersonEntry[]; project: string }) {
  const rows = people.map((person) => ({
    key: person.name,
    cells: {
      name: person.name,
      role: person.role === 'owner' ? 'Owner' : 'Maintainer',
      keys: <Keys {...person} project={project} />,
    },
  }));
  return <Table caption={`People of ${project}`} captionHidden columns={columns} rows={rows} />;
}

function Keys({ name, keys, canSign, project }: PersonEntry & { project: string }) {
  return (
    <>
      {keys.map((key) => (
        <span key={key.fingerprint} className="key-line">
          <Fingerprint value={key.fingerprint} />
          {key.state === 'unknown' || key.state === 'active' ? null : <StateChip state={key.state} />}
          <a href={`/projects/${project}/people/${key.fingerprint}`} aria-label={`Compare the fingerprint of ${name}`}>
            Compare
          </a>
        </span>
      ))}
      {canSign ? null : <span className="text-danger">Cannot sign at the moment.</span>}
    </>
  );
}

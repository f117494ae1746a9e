// Who may sign for a project: name, role, since when, keys with full fingerprints and their states, and whether they could sign today. Each key
// leads to the page where its fingerprint is compared; for whoever may end somebody's part, each row to where that is asked.
import { Fingerprint } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { StateChip, type StateName } from '#components/ui/state-chip.tsx';
import { Table } from '#components/ui/table.tsx';

export type PersonEntry = {
  name: string;
  role: 'owner' | 'maintainer';
  since: Date | null;
  keys: { fingerprint: string; state: StateName | 'unknown'; since: Date | null }[];
  canSign: boolean;
};

/** Where the reader can end this person's part, and in which words; null: nowhere. */
export type EndLink = { href: string; says: string; label: string } | null;

type PeopleTableProps = { people: PersonEntry[]; project: string; endOf?: (person: PersonEntry) => EndLink };

export function PeopleTable({ people, project, endOf = () => null }: PeopleTableProps) {
  const rows = people.map((person) => ({
    key: person.name,
    cells: {
      name: person.name,
      role: <Role person={person} end={endOf(person)} />,
      keys: <Keys {...person} project={project} />,
    },
  }));
  const columns = [
    { key: 'name', label: 'Name' },
    { key: 'role', label: 'Role' },
    { key: 'keys', label: 'Signs with' },
  ];
  return <Table caption={`People of ${project}`} captionHidden columns={columns} rows={rows} />;
}

function Role({ person: { role, since }, end }: { person: PersonEntry; end: EndLink }) {
  return (
    <>
      {role === 'owner' ? 'Owner' : 'Maintainer'}
      {since === null ? null : (
        <span className="entry-facts block">
          since <Moment at={since} />
        </span>
      )}
      {end === null ? null : (
        <a href={end.href} aria-label={end.label}>
          {end.says}
        </a>
      )}
    </>
  );
}

function Keys({ name, keys, since, canSign, project }: PersonEntry & { project: string }) {
  return (
    <>
      {keys.map((key) => (
        <span key={key.fingerprint} className="key-line">
          <Fingerprint value={key.fingerprint} />
          {key.state === 'unknown' || key.state === 'active' ? null : <StateChip state={key.state} />}
          {key.since === null || key.since.getTime() === since?.getTime() ? null : (
            <span className="entry-facts">
              since <Moment at={key.since} />
            </span>
          )}
          <a href={`/projects/${project}/people/${key.fingerprint}`} aria-label={`Compare the fingerprint of ${name}`}>
            Compare
          </a>
        </span>
      ))}
      {canSign ? null : <span className="text-danger">Cannot sign at the moment.</span>}
    </>
  );
}

// The release statement, `SHA256SUMS`: what a co-signer signs (docs/formats/statement.md). One text per revision of a draft,
// a GNU checksum file with seven header lines. Reading accepts one spelling only: the text must print back to itself.
import { readText } from './document.ts';
import { refuse } from './errors.ts';
import {
  readAccountName,
  readDraftId,
  readFileName,
  readIndexName,
  readProjectName,
  readSha256,
  readVersion,
  type AccountName,
  type DraftId,
  type FileName,
  type IndexName,
  type ProjectName,
  type Sha256,
  type Version,
} from './ids.ts';

export type StatementFile = { name: FileName; sha256: Sha256 };

export type Statement = {
  index: IndexName;
  project: ProjectName;
  version: Version;
  draft: DraftId;
  revision: number;
  openedBy: AccountName;
  /** Sorted by name in byte order, each name once. */
  files: readonly StatementFile[];
};

const first = '# countersign release statement 1';
const labels = ['index', 'project', 'version', 'draft', 'revision', 'opened by'] as const;

/** Names are ASCII, so UTF-16 order is byte order. */
export const byName = (a: { name: string }, b: { name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** The statement's one spelling: UTF-8, LF, final LF; files are put in order here. */
export function renderStatement(statement: Statement): string {
  const { index, project, version, draft, revision, openedBy } = statement;
  const values = [index, project, version, draft, String(revision), openedBy];
  const header = labels.map((label, i) => `# ${label}: ${values[i] ?? ''}`);
  const sums = [...statement.files].sort(byName).map((file) => `${file.sha256}  ${file.name}`);
  return `${[first, ...header, ...sums].join('\n')}\n`;
}

/**
 * Reads a statement from hostile bytes. Refuses (`statement.malformed`) every second spelling, a name that stands
 * twice, no file at all, and whatever is not this kind in this format.
 */
export function readStatement(foreignBytes: Uint8Array): Statement {
  const text = readText(foreignBytes, 'a release statement');
  const lines = text.split('\n');
  const [head, ...rest] = lines;
  if (head !== first) throw refuse('statement.malformed', { why: 'its first line is another' });
  const field = (position: number): string => {
    const prefix = `# ${labels[position] ?? ''}: `;
    const line = rest[position] ?? '';
    if (!line.startsWith(prefix))
      throw refuse('statement.malformed', { why: `line ${position + 2} should start with “${prefix.trim()}”` });
    return line.slice(prefix.length);
  };
  const statement: Statement = {
    index: readIndexName(field(0)),
    project: readProjectName(field(1)),
    version: readVersion(field(2)),
    draft: readDraftId(field(3)),
    revision: readRevision(field(4)),
    openedBy: readAccountName(field(5)),
    files: rest.slice(labels.length, -1).map(readSum),
  };
  const names = new Set(statement.files.map((file) => file.name));
  if (names.size !== statement.files.length) throw refuse('statement.malformed', { why: 'a file name stands twice' });
  if (names.size === 0) throw refuse('statement.malformed', { why: 'it names no file' });
  if (renderStatement(statement) !== text)
    throw refuse('statement.malformed', { why: 'its lines are not in their one order and spelling' });
  return statement;
}

function readRevision(claimed: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(claimed)) return Number(claimed);
  throw refuse('statement.malformed', { why: 'the revision is not a counter' });
}

function readSum(line: string): StatementFile {
  if (line.slice(64, 66) !== '  ') throw refuse('statement.malformed', { why: 'a checksum line has another form' });
  return { sha256: readSha256(line.slice(0, 64)), name: readFileName(line.slice(66)) };
}

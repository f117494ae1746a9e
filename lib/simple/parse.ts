// Reads project pages back, as JSON and as HTML: the client needs the first, and tests compare both forms of one page.
// The bytes are hostile. Nothing read here is believed: the client takes names, sizes and digests from the countersigned record and only
// asks whether the page says the same. Refuses (`page.malformed`) what is not a page, names that are no file names, and too much of it.
import { readFields, readLine, readList, readNullable, readText, readWhole, type Fields } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import {
  readFileName,
  readProjectName,
  readSha256,
  readVersion,
  type FileName,
  type ProjectName,
  type Sha256,
  type Version,
} from '#lib/core/ids.ts';
import { readProjectStatus, type ProjectStatus } from '#lib/core/release.ts';

export type ReadFile = {
  name: FileName;
  /** As written in the page, without the fragment. */
  url: string;
  sha256: Sha256;
  requiresPython: string | null;
  metadataSha256: Sha256 | null;
  signed: boolean;
  yanked: string | null;
};

/** PEP 792; null: the page says nothing, which means active. */
type ReadStatus = { status: ProjectStatus; reason: string } | null;

export type ReadPage = { name: ProjectName; status: ReadStatus; files: ReadFile[] };

export type ReadJsonPage = {
  name: ProjectName;
  status: ReadStatus;
  versions: Version[];
  files: (ReadFile & { size: number })[];
  /** Version → its record as the page gives it; the digest only says which record the page means. */
  records: ReadonlyMap<Version, { url: string; sha256: Sha256 }>;
};

const filesMost = 50_000;
const textMost = 500;

/** Reads the JSON form (PEP 691, 700). Keys that it does not know are left alone, as PEP 691 wants. */
export function readPageJson(foreignBytes: Uint8Array): ReadJsonPage {
  const page = readFields(readJson(foreignBytes), 'a project page');
  requireApi(readFields(page['meta'], 'the meta')['api-version']);
  const ours = readFields(page['_countersign'] ?? {}, 'the evidence');
  const records = Object.entries(readFields(ours['versions'] ?? {}, 'the versions'));
  return {
    name: readProjectName(page['name']),
    status: readNullable(page['project-status'] ?? null, readStatus),
    versions: readList(page['versions'], 'the versions', filesMost, readVersion),
    files: readList(page['files'], 'the files', filesMost, readJsonFile),
    records: new Map(records.map(([version, entry]) => [readVersion(version), readRecordAddress(entry)])),
  };
}

function readStatus(claimed: unknown): NonNullable<ReadStatus> {
  const fields = readFields(claimed, 'a project status');
  return {
    status: readProjectStatus(fields['status']),
    reason: readLine(fields['reason'] ?? '', 'a reason', textMost),
  };
}

function readJson(foreignBytes: Uint8Array): unknown {
  try {
    return JSON.parse(readText(foreignBytes, 'a project page'));
  } catch (cause) {
    throw refuse('page.malformed', { why: 'it is not JSON' }, cause);
  }
}

// PEP 629: a client refuses another major version.
function requireApi(claimed: unknown): void {
  if (typeof claimed !== 'string' || !/^1\.\d{1,3}$/.test(claimed))
    throw refuse('page.malformed', { why: 'its version is not 1' });
}

function readRecordAddress(claimed: unknown): { url: string; sha256: Sha256 } {
  const fields = readFields(claimed, 'a record address');
  return { url: readLine(fields['record'], 'a record address', textMost), sha256: readSha256(fields['sha256']) };
}

function readJsonFile(claimed: unknown): ReadFile & { size: number } {
  const f: Fields = readFields(claimed, 'a file');
  const metadata = f['core-metadata'];
  const specifier = f['requires-python'] ?? null;
  return {
    name: readFileName(f['filename']),
    url: readLine(f['url'], 'an address', textMost),
    sha256: readSha256(readFields(f['hashes'], 'the digests')['sha256']),
    size: readWhole(f['size'], 'a size', 0, Number.MAX_SAFE_INTEGER),
    requiresPython: specifier === null ? null : readLine(specifier, 'Requires-Python', textMost),
    metadataSha256:
      typeof metadata === 'object' && metadata !== null
        ? readSha256(readFields(metadata, 'core-metadata')['sha256'])
        : null,
    signed: f['gpg-sig'] === true,
    yanked: readYanked(f['yanked'] ?? false),
  };
}

function readYanked(claimed: unknown): string | null {
  if (claimed === false) return null;
  return claimed === true ? '' : readLine(claimed, 'a reason', textMost);
}

const anchor = /<a ([^<>]*)>([^<>]*)<\/a>/g;
const attribute = /([a-z-]+)="([^"]*)"/g;
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');

/** Reads the HTML form (PEP 503) as renderPageHtml writes it; not a reader for other people's HTML. */
export function readPageHtml(foreignBytes: Uint8Array): ReadPage {
  const text = readText(foreignBytes, 'a project page');
  requireApi(/<meta name="pypi:repository-version" content="([^"]*)">/.exec(text)?.[1]);
  const name = readProjectName(/<h1>Links for ([^<]*)<\/h1>/.exec(text)?.[1]);
  const meta = (of: string) => new RegExp(`<meta name="pypi:project-${of}" content="([^"]*)">`).exec(text)?.[1];
  const [status, reason] = [meta('status'), meta('status-reason')];
  const marked = status === undefined ? null : readStatus({ status: plain(status), reason: plain(reason ?? '') });
  return { name, status: marked, files: [...text.matchAll(anchor)].slice(0, filesMost).map(readAnchor) };
}

function readAnchor([, attributes = '', text = '']: RegExpMatchArray): ReadFile {
  const given = new Map(
    [...attributes.matchAll(attribute)].map(([, name = '', value = '']) => [name, plain(value)] as const),
  );
  const [url = '', fragment = ''] = (given.get('href') ?? '').split('#sha256=');
  const metadata = given.get('data-core-metadata');
  return {
    name: readFileName(plain(text)),
    url,
    sha256: readSha256(fragment),
    requiresPython: given.get('data-requires-python') ?? null,
    metadataSha256: metadata === undefined ? null : readSha256(metadata.replace(/^sha256=/, '')),
    signed: given.get('data-gpg-sig') === 'true',
    yanked: given.get('data-yanked') ?? null,
  };
}

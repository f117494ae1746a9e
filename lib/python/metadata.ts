// Core metadata (METADATA in wheels, PKG-INFO in sdists): headers in the manner of RFC 822, UTF-8, folded lines, and the
// description as header or body (core metadata specification; PEP 566, 643). The bytes are hostile. Refused: what two
// readers could read differently (a header given twice, a line that is no header, a stray carriage return), and what an
// index must not repeat (an invalid name, version or Requires-Python).
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import { normaliseProjectName } from './names.ts';
import { readCanonicalVersion, readRequiresPython } from './versions.ts';

export type CoreMetadata = {
  readonly metadataVersion: string;
  /** The name as its author spells it. */
  readonly name: string;
  readonly project: ProjectName;
  readonly version: Version;
  readonly summary: string | null;
  readonly requiresPython: string | null;
  readonly requiresDist: readonly string[];
  readonly descriptionContentType: string | null;
  readonly description: string;
  /** Every header, by lower-case name, in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Header names that no metadata version knows. */
  readonly unknown: readonly string[];
};

const knownVersions = new Set(['1.0', '1.1', '1.2', '2.1', '2.2', '2.3', '2.4', '2.5']);

const singleUse = new Set(
  (
    'metadata-version name version summary description description-content-type keywords home-page download-url author ' +
    'author-email maintainer maintainer-email license license-expression requires-python'
  ).split(' '),
);
const multipleUse = new Set(
  (
    'platform supported-platform classifier requires provides obsoletes requires-dist provides-dist obsoletes-dist ' +
    'requires-external project-url provides-extra dynamic license-file import-name import-namespace'
  ).split(' '),
);

/** Reads METADATA or PKG-INFO. Hostile: every byte. Throws `distribution.metadata` or the code of the field at fault. */
export function readMetadata(bytes: Uint8Array): CoreMetadata {
  const { headers, body } = readHeaders(decode(bytes));
  requireSingleUse(headers);
  requireNotPrivate(headers);
  const optional = (name: string): string | null => headers.get(name)?.[0] ?? null;
  const required = (name: string): string => optional(name) ?? '';
  const name = required('name');
  return {
    metadataVersion: readMetadataVersion(required('metadata-version')),
    name,
    project: normaliseProjectName(name),
    version: readCanonicalVersion(required('version')),
    summary: optional('summary'),
    requiresPython: readRequiresPython(required('requires-python')),
    requiresDist: headers.get('requires-dist') ?? [],
    descriptionContentType: optional('description-content-type'),
    description: readDescription(optional('description'), body),
    headers,
    unknown: [...headers.keys()].filter((header) => !singleUse.has(header) && !multipleUse.has(header)),
  };
}

function requireSingleUse(headers: ReadonlyMap<string, readonly string[]>): void {
  for (const [name, values] of headers) {
    if (singleUse.has(name) && values.length > 1) throw malformed(`“${name}” is given ${values.length} times`);
  }
}

// “Private ::” is how authors say that a file must never be uploaded by mistake (classifiers that start so are in no list).
function requireNotPrivate(headers: ReadonlyMap<string, readonly string[]>): void {
  const classifier = headers.get('classifier')?.find((value) => /^private\s*::/i.test(value));
  if (classifier !== undefined) throw refuse('distribution.private', { classifier: classifier.slice(0, 80) });
}

function readMetadataVersion(claimed: string): string {
  if (knownVersions.has(claimed)) return claimed;
  throw malformed(`Metadata-Version “${claimed.slice(0, 20)}” is not known`);
}

function readDescription(header: string | null, body: string): string {
  if (body.trim() === '') return header ?? '';
  if (header === null) return body;
  throw malformed('the description is given twice, as header and as body');
}

function malformed(why: string) {
  return refuse('distribution.metadata', { why });
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refuse('distribution.metadata', { why: 'it is not UTF-8' }, cause);
  }
}

function readHeaders(text: string): { headers: Map<string, string[]>; body: string } {
  const unix = text.replaceAll('\r\n', '\n');
  const end = unix.indexOf('\n\n');
  const head = end === -1 ? unix.replace(/\n$/, '') : unix.slice(0, end);
  // A bare CR, form feed or U+2028 ends a line for some readers only: what they read as a header, others read as text.
  if (hasLineTrick(head)) throw malformed('its headers hold control characters');
  const headers = new Map<string, string[]>();
  let last: string[] | null = null;
  for (const line of head.split('\n')) last = addLine(headers, last, line);
  return { headers, body: end === -1 ? '' : unix.slice(end + 2) };
}

function hasLineTrick(head: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(head.replace(/[\n\t]/g, ''));
}

/** One line: a continuation of the last header, or a new one. Returns the values that a continuation would extend. */
function addLine(headers: Map<string, string[]>, last: string[] | null, line: string): string[] {
  if (line.startsWith(' ') || line.startsWith('\t')) {
    if (last === null) throw malformed('it starts with a continuation line');
    last.push(`${last.pop() ?? ''}\n${line}`);
    return last;
  }
  const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) throw malformed(`“${line.slice(0, 60)}” is no header line`);
  const values = headers.get(name.toLowerCase()) ?? [];
  values.push(value.trimEnd());
  headers.set(name.toLowerCase(), values);
  return values;
}

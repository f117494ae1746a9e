// The hand-over bundle of one draft, or of one project without a draft: all that is needed to decide without the database
// (docs/formats/hand-over.md). A zip of small text files: policy/N.json and .asc, keys/FINGERPRINT.asc, statement/SHA256SUMS and .asc,
// files/NAME.asc, declarations/N.json and .asc, declined.json. Reading trusts nothing: sizes are bounded, every other path is refused, and what is
// inside is only sorted, not believed.
import { zipSync } from 'fflate';
import { readDocument, readList, renderDocument } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import {
  readAccountName,
  readFileName,
  readFingerprint,
  type AccountName,
  type FileName,
  type Fingerprint,
} from '#lib/core/ids.ts';
import { bundleLimits } from '#lib/python/limits.ts';
import { fromBytes } from '#lib/python/source.ts';
import { readZipEntries } from '#lib/python/zip-entries.ts';

/** A document with the bytes of its `.asc`; null: nobody has signed it yet. */
export type SignedBytes = { bytes: Uint8Array; signature: Uint8Array | null };

export type Evidence = {
  /** Ascending, without a gap; where it starts is the reader's business. */
  policies: readonly (SignedBytes & { version: number })[];
  /** Armored, under the fingerprint that the bundle claims for it. */
  certificates: ReadonlyMap<Fingerprint, Uint8Array>;
  statement: SignedBytes | null;
  /** Signatures over a file's own bytes. */
  fileSignatures: ReadonlyMap<FileName, Uint8Array>;
  /** Declarations of owners that wait for the countersigner, in the order in which they were signed. */
  declarations: readonly SignedBytes[];
  /** Who declined the draft and stands by it. Only the web program says so; it can only hold something back. */
  declinedBy: readonly AccountName[];
};

const declinedPath = 'declined.json';
const renderDeclined = (names: readonly AccountName[]): Uint8Array =>
  Buffer.from(renderDocument({ declinedBy: [...names].sort() }));
const readDeclined = (foreignBytes: Uint8Array): AccountName[] =>
  readDocument(foreignBytes, 'a list of declines', (f) => ({
    declinedBy: readList(f['declinedBy'], 'the declines', 500, readAccountName),
  })).declinedBy;

// Equal evidence gives equal bytes, whenever it is packed.
const packed = { level: 6, mtime: new Date(1980, 0, 1) } as const;

/** Packs the evidence. */
export function writeBundle(evidence: Evidence): Uint8Array {
  const entries = new Map<string, Uint8Array>();
  const put = (path: string, { bytes, signature }: SignedBytes): void => {
    entries.set(path, bytes);
    if (signature) entries.set(`${path}.asc`, signature);
  };
  for (const policy of evidence.policies) put(`policy/${policy.version}.json`, policy);
  for (const [key, certificate] of evidence.certificates) entries.set(`keys/${key}.asc`, certificate);
  if (evidence.statement) put('statement/SHA256SUMS', evidence.statement);
  for (const [name, signature] of evidence.fileSignatures) entries.set(`files/${name}.asc`, signature);
  for (const [at, document] of evidence.declarations.entries()) put(`declarations/${at + 1}.json`, document);
  if (evidence.declinedBy.length > 0) entries.set(declinedPath, renderDeclined(evidence.declinedBy));
  return zipSync(Object.fromEntries(entries), packed);
}

/** Unpacks a hostile bundle. Refuses (`evidence.malformed`, or as lib/python refuses an archive) any other path, and gaps in the policies. */
export async function readBundle(foreignBytes: Uint8Array): Promise<Evidence> {
  const entries = await readZipEntries(fromBytes(foreignBytes), bundleLimits);
  const policies: (SignedBytes & { version: number })[] = [];
  const certificates = new Map<Fingerprint, Uint8Array>();
  const fileSignatures = new Map<FileName, Uint8Array>();
  const declarations = new Map<number, SignedBytes>();
  let statement: SignedBytes | null = null;
  let declinedBy: AccountName[] = [];
  for (const [path, bytes] of entries) {
    const part = readPath(path, entries);
    const signed = { bytes, signature: entries.get(`${path}.asc`) ?? null };
    if (part.room === 'policy') policies.push({ ...signed, version: part.version });
    if (part.room === 'keys') certificates.set(part.key, bytes);
    if (part.room === 'files') fileSignatures.set(part.name, bytes);
    if (part.room === 'statement') statement = signed;
    if (part.room === 'declarations') declarations.set(part.at, signed);
    if (part.room === 'declined') declinedBy = readDeclined(bytes);
  }
  policies.sort((a, b) => a.version - b.version);
  if (policies.some((policy, at) => policy.version !== (policies[0]?.version ?? 0) + at))
    throw refuse('evidence.malformed', { why: 'a policy is missing in between' });
  const inOrder = [...declarations].sort(([a], [b]) => a - b).map(([, signed]) => signed);
  return { policies, certificates, statement, fileSignatures, declarations: inOrder, declinedBy };
}

type Part =
  | { room: 'policy'; version: number }
  | { room: 'keys'; key: Fingerprint }
  | { room: 'files'; name: FileName }
  | { room: 'statement' }
  | { room: 'declarations'; at: number }
  | { room: 'declined' }
  | { room: 'signature' };

/** What a path holds, by its shape and the part of it in the brackets. */
const shapes: readonly [shape: RegExp, part: (stem: string) => Part][] = [
  [/^keys\/([^/]+)\.asc$/, (stem) => ({ room: 'keys', key: readFingerprint(stem) })],
  [/^files\/([^/]+)\.asc$/, (stem) => ({ room: 'files', name: readFileName(stem) })],
  [/^(statement)\/SHA256SUMS$/, () => ({ room: 'statement' })],
  [/^policy\/([1-9][0-9]{0,6})\.json$/, (stem) => ({ room: 'policy', version: Number(stem) })],
  [/^declarations\/([1-9][0-9]{0,3})\.json$/, (stem) => ({ room: 'declarations', at: Number(stem) })],
  [/^(declined)\.json$/, () => ({ room: 'declined' })],
];

/** What a path of a bundle is; refuses every path that is none, and a signature beside nothing. */
function readPath(path: string, entries: ReadonlyMap<string, Uint8Array>): Part {
  for (const [shape, part] of shapes) {
    const stem = shape.exec(path)?.[1];
    if (stem !== undefined) return part(stem);
  }
  const signed = /^((?:policy|statement|declarations)\/[^/]+)\.asc$/.exec(path)?.[1];
  if (signed === undefined || !entries.has(signed))
    throw refuse('evidence.malformed', { why: `“${path.slice(0, 100)}” is no part of a bundle` });
  return { room: 'signature' };
}

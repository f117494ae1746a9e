// The draft that somebody is about to sign, checked before anything is asked: the statement is parsed here and must be about the very draft, version and
// index that were asked for, and each of its files is hashed: downloaded, or as it lies in a folder of the person. The index is hostile: it
// could show one thing and have another one signed.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { readDraftId, readSha256, type FileName, type IndexName, type Sha256 } from '#lib/core/ids.ts';
import { readCanonicalVersion, versionKey } from '#lib/python/versions.ts';
import { readStatement, type Statement } from '#lib/core/statement.ts';
import type { Api } from '#cli/index/ask-api.ts';
import { readApiDraft, type ApiDraft } from '#cli/index/read-api.ts';
import { readRequirement } from '#cli/requirement.ts';

/** `what`: a draft's id, or NAME==VERSION. Hostile only where the person copied it from somewhere. Refuses as the index does. */
export async function findApiDraft(api: Api, what: string): Promise<ApiDraft> {
  const place = /^[0-9a-f]{12}$/.test(what) ? `drafts/${readDraftId(what)}` : placeOf(what);
  const draft = readApiDraft(`${api.base}api/v1/${place}`, await api.get(place));
  if (!isAbout(draft, what)) throw otherThan('it is about another release');
  return draft;
}

/** `1.2` and `1.2.0` are one release (PEP 440). */
function isAbout(draft: ApiDraft, what: string): boolean {
  if (!what.includes('==')) return draft.draft === what;
  const [project, version] = readRequirement(what);
  return draft.project === project && versionKey(readCanonicalVersion(draft.version)) === versionKey(version);
}

function placeOf(what: string): string {
  const [project, version] = readRequirement(what);
  return `projects/${project}/releases/${encodeURIComponent(version)}`;
}

const otherThan = (why: string) => refuse('sign.other-statement', { why });

export type ReadyToSign = {
  draft: ApiDraft;
  statement: Statement;
  bytes: Uint8Array;
  sha256: Sha256;
};

const statementBytesMax = 1024 ** 2;

/** The statement of the draft, once it is about it. `index`: the name that is pinned for this address; null: none is. Refuses `sign.other-statement`. */
export async function fetchStatement(api: Api, draft: ApiDraft, index: IndexName | null): Promise<ReadyToSign> {
  const bytes = await api.bytes(`drafts/${draft.draft}/SHA256SUMS`, statementBytesMax);
  const statement = readStatement(bytes);
  if (statement.draft !== draft.draft) throw otherThan('it names another draft');
  if (statement.project !== draft.project || statement.version !== draft.version)
    throw otherThan(`it is about ${statement.project} ${statement.version}`);
  if (statement.revision !== draft.revision) throw otherThan('it names another revision');
  if (index !== null && statement.index !== index)
    throw otherThan(`it is for the index ${statement.index}, and this one is known as ${index}`);
  const sha256 = readSha256(createHash('sha256').update(bytes).digest('hex'));
  if (sha256 !== draft.statementSha256) throw otherThan('it has another digest than the index says');
  return { draft, statement, bytes, sha256 };
}

/** Where a file of the statement is compared: name → path on this machine; null: download it. */
export type LocalFiles = ((name: FileName) => string) | null;

/** A folder of files, each under its own name. */
export const filesIn =
  (folder: string): LocalFiles =>
  (name) =>
    path.join(folder, name);

/** Hashes every file of the statement, and answers the size of each. Refuses `sign.file-missing`, `sign.file-differs`. */
export async function hashFiles(
  api: Api,
  { draft, statement }: ReadyToSign,
  local: LocalFiles,
): Promise<Map<FileName, number>> {
  const sizes = new Map<FileName, number>();
  for (const { name, sha256 } of statement.files) {
    const place = local?.(name) ?? null;
    const found = place === null ? await hashDownload(api, draft, name) : await hashLocal(place);
    if (found.sha256 !== sha256)
      throw refuse('sign.file-differs', { name, place: place ?? 'the index', expected: sha256, found: found.sha256 });
    sizes.set(name, found.size);
  }
  return sizes;
}

type Hashed = { sha256: string; size: number };

async function hashDownload(api: Api, { draft, files }: ApiDraft, name: FileName): Promise<Hashed> {
  const told = files.find((file) => file.name === name);
  if (told === undefined) throw otherThan(`it names ${name}, which the draft does not have`);
  return hashOf(await api.parts(`drafts/${draft}/files/${encodeURIComponent(name)}`, told.size));
}

/** The digest of a file of the person. Refuses `sign.file-missing` for what is no regular file. */
export async function hashLocal(place: string): Promise<Hashed> {
  const found = await stat(place).catch(() => null);
  if (found?.isFile() !== true) throw refuse('sign.file-missing', { place });
  return hashOf(createReadStream(place));
}

async function hashOf(parts: AsyncIterable<Uint8Array>): Promise<Hashed> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const part of parts) {
    size += part.length;
    hash.update(part);
  }
  return { sha256: hash.digest('hex'), size };
}

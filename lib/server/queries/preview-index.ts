// A draft as a small index of its own, for whoever has its preview address: one project, one version, the very files that people are asked to sign. The
// pages are those of lib/simple, so that pip reads them as it reads the index; what stands beside a wheel is read out of it and checked against
// the digest that its inspection gave. Nothing is offered that is not in the newest revision.
import { withFileSource } from '#lib/child/file-source.ts';
import { refuse } from '#lib/core/errors.ts';
import { readFileName, readSha256, renderInstant } from '#lib/core/ids.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readCoreMetadata } from '#lib/python/core-metadata.ts';
import { inspectionLimits } from '#lib/python/limits.ts';
import type { PageFile, ProjectPage } from '#lib/simple/page.ts';
import { renderListHtml, renderPageHtml } from '#lib/simple/render-html.ts';
import { renderListJson, renderPageJson } from '#lib/simple/render-json.ts';
import type { DraftFile } from '#lib/server/db/generated/client.ts';
import { draftFacts } from '#lib/server/judge/load-case.ts';
import { requireLivePreview } from '#lib/server/judge/preview.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Download } from './download.ts';
import type { StoredDownload } from './statement-bytes.ts';

export type PageForm = 'html' | 'json';

/** The list of projects: its one. `token` is hostile. Refuses `preview.not-found`, `preview.ended`. */
export async function previewList(token: string, form: PageForm): Promise<string> {
  const { name } = await loadPage(token);
  return form === 'json' ? renderListJson([name]) : renderListHtml([name]);
}

/** The page of its one project; null: the address names another. Refuses as `previewList` does. */
export async function previewPage(token: string, project: string, form: PageForm): Promise<string | null> {
  const page = await loadPage(token);
  if (project !== page.name) return null;
  return form === 'json' ? renderPageJson(page) : renderPageHtml(page);
}

/** Refuses as `previewList` does. */
export async function requirePreview(token: string): Promise<void> {
  await requireLivePreview(runtime().db, token);
}

async function loadPage(token: string): Promise<ProjectPage> {
  const { db } = runtime();
  const { id, project, version, revision } = draftFacts(await requireLivePreview(db, token));
  const files = await db.draftFile.findMany({ where: { draftId: id, until: null }, orderBy: { name: 'asc' } });
  const says = `Not published: these are the files of revision ${revision} of a draft of ${project} ${version}. Nothing has to be signed for them to stand here; install them only to try them.`;
  return {
    ...{ name: project, status: null, versions: [], preview: { version, says } },
    files: files.map(asPageFile),
  };
}

function asPageFile(row: DraftFile): PageFile {
  return {
    ...{ name: readFileName(row.name), size: Number(row.size), sha256: readSha256(row.sha256) },
    ...{ requiresPython: row.requiresPython, signed: false, yanked: null },
    metadataSha256: metadataDigest(row),
    uploaded: renderInstant(row.addedAt.getTime()),
  };
}

/** Only wheels state METADATA that installers may believe (PEP 658). */
const metadataDigest = ({ kind, metadataSha256 }: DraftFile) =>
  kind === 'wheel' && metadataSha256 !== null ? readSha256(metadataSha256) : null;

/** By digest and name, as the page gives them; both hostile. */
export type PreviewedFile = { sha256: string; name: string };

/** Where the file is. Refuses as `previewList` does, and `file.not-found`. */
export async function previewFile(token: string, wanted: PreviewedFile): Promise<StoredDownload> {
  const row = await findFile(token, wanted);
  const sha256 = readSha256(row.sha256);
  const path = await runtime().files.local(sha256);
  return { name: readFileName(row.name), path, size: Number(row.size), sha256 };
}

/** METADATA of a wheel. Refuses as `previewFile` does. */
export async function previewMetadata(token: string, wanted: PreviewedFile): Promise<Download> {
  const row = await findFile(token, wanted);
  const expected = metadataDigest(row);
  if (expected === null) throw refuse('file.not-found', { name: `${row.name}.metadata` });
  const place = await runtime().files.local(readSha256(row.sha256));
  const bytes = await withFileSource(place, (source) => readCoreMetadata(source, inspected));
  if (sha256Hex(bytes) !== expected) throw new Error(`The store holds another METADATA than ${row.name} had.`);
  return { fileName: `${row.name}.metadata`, contentType: 'text/plain; charset=utf-8', bytes };
}

async function findFile(token: string, { sha256, name }: PreviewedFile): Promise<DraftFile> {
  const { db } = runtime();
  const { id } = await requireLivePreview(db, token);
  const row = await db.draftFile.findUnique({ where: { nameSlot: `${id}:${name}` } });
  if (row?.sha256 !== sha256) throw refuse('file.not-found', { name: name.slice(0, 200) });
  return row;
}

const inspected = {
  ...inspectionLimits,
  fileBytesMax: limits.uploadBytesMax,
  unpackedBytesMax: limits.unpackedBytesMax,
};

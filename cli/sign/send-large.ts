// Large files go to the index by themselves, by tus 1.0.0, before the form that puts them into a draft. The index knows by name and digest what it has of an
// earlier try, also of a program that was killed: nothing is kept here for that. A connection that breaks is made again, for as long as
// something comes through. The index is hostile: what it says that it has is compared with the digest of the file here.
import { createReadStream, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import { sizeText } from '#lib/core/size.ts';
import type { Api } from '#cli/index/ask-api.ts';
import { readUploadPlace, readUploads, type KnownUpload } from '#cli/index/read-api.ts';
import type { FormFile } from './form-body.ts';

type Tell = (line: string) => void;
type LargeFile = FormFile & { size: number };

const largeBytes = 16 * 1024 ** 2;
const tus = { 'tus-resumable': '1.0.0' };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Sends those that are large. `sent`: the names under which the index has them; `left`: what goes with the form. Refuses `api.…`, `upload.digest-differs`. */
export async function sendLargeFiles(
  api: Api,
  project: ProjectName,
  files: readonly FormFile[],
  tell: Tell,
): Promise<{ sent: string[]; left: FormFile[] }> {
  const sized = files.map((file): LargeFile => ({ ...file, size: statSync(file.path).size }));
  const large = sized.filter(({ size }) => size >= largeBytes);
  const known = large.length === 0 ? null : await listKnown(api, project);
  if (known === null) return { sent: [], left: [...files] };
  const sent: string[] = [];
  for (const file of large) {
    const id = known.find(({ name, sha256 }) => name === file.name && sha256 === file.sha256)?.id;
    sent.push(await sendOne(api, id ?? (await begin(api, project, file)), file, tell));
  }
  return { sent, left: sized.filter(({ size }) => size < largeBytes) };
}

/** null: this index does not take files in parts. */
async function listKnown(api: Api, project: ProjectName): Promise<KnownUpload[] | null> {
  const place = `projects/${project}/uploads`;
  try {
    return readUploads(`${api.base}api/v1/${place}`, await api.get(place));
  } catch (fault) {
    if (isRefusal(fault) && fault.code === 'api.not-found') return null;
    throw fault;
  }
}

async function begin(api: Api, project: ProjectName, { name, sha256, size }: LargeFile): Promise<string> {
  const place = `projects/${project}/uploads`;
  const metadata = `filename ${base64(name)},sha256 ${base64(sha256)}`;
  const headers = { ...tus, 'upload-length': String(size), 'upload-metadata': metadata };
  const { location } = Object.fromEntries(await api.send('POST', place, { headers }));
  return readUploadPlace(`${api.base}api/v1/${place}`, location ?? null);
}

const triesMost = 8;

/** Until all of it is there: as often as it takes while something comes through, and a few times where nothing does. */
async function sendOne(api: Api, id: string, file: LargeFile, tell: Tell): Promise<string> {
  let before = -1;
  for (let tries = 0; ; tries += 1) {
    try {
      const headers = await api.send('HEAD', `uploads/${id}`, { headers: tus });
      const offset = Number(headers.get('upload-offset'));
      if (offset === file.size) return requireSame(headers, id, file);
      if (offset > before) tries = 0;
      before = offset;
      if (offset > 0) tell(`${file.name}: goes on at ${sizeText(offset)} of ${sizeText(file.size)}.`);
      await sendFrom(api, id, file, { offset, tell });
    } catch (fault) {
      if (!isPassing(fault) || tries >= triesMost) throw fault;
      await pause(Math.min(30_000, 250 * 2 ** tries));
    }
  }
}

async function sendFrom(
  api: Api,
  id: string,
  file: LargeFile,
  { offset, tell }: { offset: number; tell: Tell },
): Promise<void> {
  const headers = { ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
  await api.send('PATCH', `uploads/${id}`, { headers, body: told(file, offset, tell) });
}

/** The file from a byte on; each tenth of it is told. */
async function* told({ name, path, size }: LargeFile, offset: number, tell: Tell): AsyncGenerator<Uint8Array> {
  let at = offset;
  let tenth = Math.floor((offset / size) * 10);
  for await (const part of createReadStream(path, { start: offset, end: size - 1 }) as AsyncIterable<Buffer>) {
    yield part;
    at += part.length;
    if (Math.floor((at / size) * 10) === tenth) continue;
    tenth = Math.floor((at / size) * 10);
    tell(`${name}: ${tenth}0 % of ${sizeText(size)}.`);
  }
}

/** The index has all of it when it says the digest that it computed. */
function requireSame(headers: Headers, id: string, { sha256 }: LargeFile): string {
  const said = headers.get('repr-digest') ?? '';
  if (said === `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`) return id;
  throw refuse('upload.digest-differs', { claimed: sha256, received: said.slice(0, 100) });
}

const passing: readonly string[] = ['verify.unreachable', 'api.unavailable'];
const again: readonly unknown[] = ['upload.wrong-offset', 'upload.taken-over', 'upload.parts-missing'];

/** A broken connection, an index that is busy, or one where an earlier request still hangs. */
function isPassing(fault: unknown): boolean {
  if (!isRefusal(fault)) return false;
  return passing.includes(fault.code) || (fault.code === 'api.unusable' && again.includes(reasonIn(fault.details)));
}

const reasonIn = (details: unknown): unknown =>
  typeof details === 'object' && details !== null && 'reason' in details ? details.reason : null;

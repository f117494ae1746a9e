// Resumable uploads over HTTP by tus 1.0.0 (https://tus.io/protocols/resumable-upload): the core protocol with creation, expiration and termination, for
// pages and programs alike. Here is what stands in headers, all of it hostile; what becomes of it is in lib/server/uploads. What an upload is
// bound to stands in its metadata: `filename` and `sha256`.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { limits } from '#lib/server/limits.ts';
import { beginUpload, type WantedUpload } from '#lib/server/uploads/begin-upload.ts';
import { continueUpload, dropUpload } from '#lib/server/uploads/continue-upload.ts';
import { findUpload, stateOf, type UploadState } from '#lib/server/uploads/file-upload.ts';
import { renderReprDigest } from './repr-digest.ts';

export const tusVersion = '1.0.0';

/** What is answered without a body. */
export type TusAnswer = { status: 200 | 201 | 204; headers: Record<string, string> };

/** Said to everybody (OPTIONS): what is spoken here. */
export const tusAbilities = (): Record<string, string> => ({
  'Tus-Resumable': tusVersion,
  'Tus-Version': tusVersion,
  'Tus-Extension': 'creation,expiration,termination',
  'Tus-Max-Size': String(limits.uploadBytesMax),
});

/** `place`: where an upload of this id is found. Refuses `upload.tus-version`, `upload.header`, and as `beginUpload`. */
export async function tusBegin(
  actor: Actor,
  project: string,
  { headers }: Pick<IncomingMessage, 'headers'>,
  place: (id: string) => string,
): Promise<TusAnswer & { id: string }> {
  requireVersion(headers);
  const state = await beginUpload(actor, { project, ...readWanted(headers) });
  return { id: state.id, status: 201, headers: { ...stateHeaders(state), Location: place(state.id) } };
}

/** Refuses `upload.tus-version`, `upload.not-found`. Changes nothing. */
export async function tusState(actor: Actor, id: string, { headers }: Pick<IncomingMessage, 'headers'>) {
  requireVersion(headers);
  const state = await stateOf(await findUpload(actor, id));
  const answer: TusAnswer = { status: 200, headers: { ...stateHeaders(state), 'Cache-Control': 'no-store' } };
  return { ...answer, id: state.id };
}

/** Refuses `upload.tus-version`, `upload.header`, and as `continueUpload`. The body is read only where all of that passes. */
export async function tusContinue(actor: Actor, id: string, req: IncomingMessage): Promise<TusAnswer> {
  requireVersion(req.headers);
  const type = req.headers['content-type'];
  if (type !== 'application/offset+octet-stream')
    throw refuse('upload.header', { header: 'Content-Type', why: 'must be application/offset+octet-stream' });
  const offset = readCount(req.headers, 'upload-offset');
  // A body that is given up is not destroyed: the answer still goes out on its connection.
  const bytes = req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  return { status: 204, headers: stateHeaders(await continueUpload(actor, id, { offset, bytes })) };
}

/** Refuses `upload.tus-version`, `upload.not-found`. */
export async function tusEnd(actor: Actor, id: string, { headers }: Pick<IncomingMessage, 'headers'>) {
  requireVersion(headers);
  await dropUpload(actor, id);
  const answer: TusAnswer = { status: 204, headers: { 'Tus-Resumable': tusVersion } };
  return answer;
}

function requireVersion(headers: IncomingHttpHeaders): void {
  if (headers['tus-resumable'] !== tusVersion) throw refuse('upload.tus-version', {});
}

function readCount(headers: IncomingHttpHeaders, header: string): number {
  const said = headers[header];
  if (typeof said === 'string' && /^(?:0|[1-9][0-9]{0,14})$/.test(said)) return Number(said);
  throw refuse('upload.header', { header, why: 'must be a number of bytes' });
}

function readWanted(headers: IncomingHttpHeaders): Omit<WantedUpload, 'project'> {
  const said = headers['upload-metadata'];
  const metadata = readMetadata(typeof said === 'string' ? said : '');
  const [name, sha256] = [metadata.get('filename'), metadata.get('sha256')];
  if (name === undefined || sha256 === undefined)
    throw refuse('upload.header', { header: 'Upload-Metadata', why: 'must hold filename and sha256' });
  return { name, sha256, size: readCount(headers, 'upload-length') };
}

/** Pairs of a key and base64, apart by commas (tus, “Upload-Metadata”). What is none is passed over; of two of a key the last counts. */
function readMetadata(said: string): Map<string, string> {
  const pairs = said.split(',').map((pair) => /^\s*([\x21-\x2b\x2d-\x7e]+) ([A-Za-z0-9+/]*={0,2})\s*$/.exec(pair));
  return new Map(pairs.flatMap((pair) => (pair ? [[pair[1] ?? '', fromBase64(pair[2] ?? '')] as const] : [])));
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/** Where it stands. With `Repr-Digest` once all of it is in the store: the digest that we computed. */
function stateHeaders({ offset, size, expiresAt, isStored, sha256 }: UploadState): Record<string, string> {
  return {
    'Tus-Resumable': tusVersion,
    'Upload-Offset': String(offset),
    'Upload-Length': String(size),
    'Upload-Expires': expiresAt.toUTCString(),
    ...(isStored && { 'Repr-Digest': renderReprDigest(sha256) }),
  };
}

// Signatures that come without a browser: by a personal link (`… | curl -T - LINK/signatures`, answered in one line of text for a terminal), or from a
// program with a token (lib/server/api). The body is the signature, armored or binary, whatever content type a tool makes up for it. Who may hand one in is decided
// before the body is read.
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { refuse } from '#lib/core/errors.ts';
import { addSignature, type AddedSignature } from '#lib/server/commands/add-signature.ts';
import { requireLiveLink, type LinkActor } from '#lib/server/judge/personal-link.ts';
import { limits } from '#lib/server/limits.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { readBytes } from './read-bytes.ts';

type Sent = { headers: IncomingHttpHeaders; body: Readable };
export type ReceivedSignature = { counts: boolean; line: string };

/** Refuses as addSignature does, `signature.nothing-came`, `signature.is-form`, `signature.too-large`, `request.too-many`. */
export async function receiveSignature(link: LinkActor, request: Sent): Promise<ReceivedSignature> {
  const { db, clock } = runtime();
  const { link: row } = await requireLiveLink(db, link.id, clock.now());
  await requireRate('upload-by-link', link.id);
  const signature = await readSignature(request);
  return sayInOneLine(await addSignature(link, { draft: link.draft, signature, way: 'link' }), row.revision);
}

/** The bytes of a signature. Refuses `signature.nothing-came`, `signature.is-form`, `signature.too-large`. */
export async function readSignature({ headers, body }: Sent): Promise<Uint8Array> {
  if (headers['content-type']?.startsWith('multipart/')) throw refuse('signature.is-form', {});
  const most = limits.signatureUploadBytesMax;
  const signature = await readBytes({ headers, body }, most, (bytes) => refuse('signature.too-large', { bytes, most }));
  if (signature.length === 0) throw refuse('signature.nothing-came', {});
  return signature;
}

/** `counted: 2 of 2, publishing`. `mailed`: the revision that the mail named; that another one was signed is said. */
function sayInOneLine(added: AddedSignature, mailed: number): ReceivedSignature {
  const { outcomes, standing, revision } = added;
  const newer = revision === mailed ? '' : ` for revision ${revision}, which is newer than your mail`;
  const [counted, already, refused] = (['counted', 'already-there', 'refused'] as const).map((result) =>
    outcomes.filter((outcome) => outcome.result === result),
  );
  const said = [
    ...(counted?.length ? [`counted${newer}: ${standing}`] : []),
    ...(already ?? []).map(({ says }) => `already counted: ${says}${counted?.length ? '' : ` ${standing}`}`),
    ...(refused ?? []).map(({ says }) => `not counted: ${says}`),
  ];
  return { counts: (refused?.length ?? 0) < outcomes.length, line: said.join(' | ') };
}

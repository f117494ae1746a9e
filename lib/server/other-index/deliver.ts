// Uploads what is queued for other indexes. A row is claimed (FOR UPDATE SKIP LOCKED) before anything is sent and never held open in a transaction; a
// program that dies leaves a claim that lapses, and the same bytes again are no mistake anywhere. Before each try the release is looked at again: what
// is quarantined or yanked meanwhile stops. "There already" is a success only with the same digest. Whatever an index answers is hostile.
import type { LookupAddress } from 'node:dns';
import { readFingerprint, readProjectName, readSha256, type Sha256 } from '#lib/core/ids.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { uploadFieldsOf } from '#lib/python/upload-fields.ts';
import { after } from '#lib/server/clock.ts';
import type { Draft as DraftRow, DraftFile, OtherIndex } from '#lib/server/db/generated/client.ts';
import { readStoredMetadata } from '#lib/server/files/inspect-upload.ts';
import { limits } from '#lib/server/limits.ts';
import { ask } from '#lib/server/outgoing/ask.ts';
import { runtime } from '#lib/server/runtime.ts';
import { faultOfAddress, isNamedByOperator } from '#lib/server/webhooks/address.ts';
import { endUpload, tryLater, type ClaimedUpload } from './end-upload.ts';
import { hindranceElsewhere } from './queue.ts';
import { findDigest, readUploadAnswer, type UploadAnswer } from './read-answer.ts';
import { unseal } from './seal.ts';
import { uploadBody } from './upload-form.ts';

/** Tests answer names themselves. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

type Outcome = { state: 'done' | 'failed' | 'stopped' | 'later'; says: string };
type Ready = { index: OtherIndex; secret: string; draft: DraftRow; file: DraftFile };

/** Sends everything that is due now, one after the other; answers how many files arrived. */
export async function deliverElsewhere(resolve?: Resolve): Promise<number> {
  let arrived = 0;
  for (;;) {
    const [row] = await claim(runtime().clock.now());
    if (row === undefined) return arrived;
    const outcome = await deliverOne(row, resolve);
    await runtime().hold?.('elsewhere.sent');
    if (outcome.state === 'later') await tryLater(row, outcome.says);
    else await endUpload(row, outcome.state, outcome.says);
    if (outcome.state === 'done') arrived += 1;
  }
}

async function claim(now: Date): Promise<ClaimedUpload[]> {
  const lapsed = after(now, -limits.elsewhereClaimMs);
  return runtime().db.$queryRaw<ClaimedUpload[]>`
    UPDATE "OtherUpload" SET "claimedAt" = ${now}, "tries" = "tries" + 1
    WHERE "id" IN (
      SELECT "id" FROM "OtherUpload"
      WHERE "state" = 'waiting' AND "nextAt" <= ${now} AND ("claimedAt" IS NULL OR "claimedAt" <= ${lapsed})
      ORDER BY "nextAt", "fileName", "id" LIMIT 1
      FOR UPDATE SKIP LOCKED
    )
    RETURNING "id", "projectName", "draftId", "fileName", "url", "tries", "claimedAt"`;
}

async function deliverOne(row: ClaimedUpload, resolve?: Resolve): Promise<Outcome> {
  const ready = await prepare(row);
  if ('state' in ready) return ready;
  const answer = readUploadAnswer(await upload(ready, resolve));
  if (answer.kind === 'taken') return { state: 'done', says: answer.says };
  if (answer.kind === 'exists') return compare(ready, answer, resolve);
  return { state: answer.kind === 'later' ? 'later' : 'failed', says: answer.says };
}

const stopped = (why: string): Outcome => ({ state: 'stopped', says: `Not uploaded: ${why}.` });

/** Everything that a try needs, by rows of this moment; or why there is none. */
async function prepare({ projectName, draftId, fileName, url }: ClaimedUpload): Promise<Ready | Outcome> {
  const { db } = runtime();
  const index = await db.otherIndex.findUnique({ where: { projectName } });
  if (index?.url !== url) return stopped('the project uploads to this address no more');
  const draft = await db.draft.findUniqueOrThrow({ where: { id: draftId } });
  const hindrance = await hindranceElsewhere(db, draft);
  if (hindrance !== null) return stopped(hindrance);
  const file = await db.draftFile.findFirst({ where: { draftId, name: fileName, until: null } });
  const published = await db.publishedFile.findUnique({ where: { name: fileName } });
  if (file === null || published?.sha256 !== file.sha256) return stopped('the index has no such file of this release');
  const secret = unseal(index.sealed, index);
  if (secret !== null) return { index, secret, draft, file };
  const says = 'This program does not have the key of the instance (WEBHOOK_KEY) with which the secret was sealed.';
  return { state: 'later', says };
}

async function upload({ index, secret, draft, file }: Ready, resolve?: Resolve) {
  const url = new URL(index.url);
  const why = faultOfAddress(url);
  if (why !== null) return { status: null, why: `the address is not asked: ${why}` };
  const sha256 = readSha256(file.sha256);
  const project = readProjectName(draft.projectName);
  const metadata = await readStoredMetadata(project, {
    uploadedName: file.name,
    stored: { sha256, size: Number(file.size) },
  });
  const facts = { fileName: file.name, metadata, sha256, blake2b256: readSha256(file.blake2b256) };
  const signature = await signatureOf(draft, sha256);
  const body = uploadBody(uploadFieldsOf(facts), { name: file.name, sha256, size: Number(file.size), signature });
  return ask({
    ...{ url, method: 'POST', body, longer: 'cut', trusted: isNamedByOperator(url) },
    headers: {
      'Content-Type': body.contentType,
      Accept: 'application/json;q=0.9, text/plain;q=0.8, text/html;q=0.7',
      Authorization: `Basic ${Buffer.from(`${index.username}:${secret}`).toString('base64')}`,
    },
    ...{ bytesMax: limits.elsewhereAnswerBytesMax, ms: limits.elsewhereMs, ...(resolve && { resolve }) },
  });
}

/** The signatures over the file's own bytes that the newest record counts, as the index serves them; null: there are none. */
async function signatureOf({ id, recordSerial }: DraftRow, fileSha256: Sha256): Promise<string | null> {
  if (recordSerial === null) return null;
  const where = { draftId: id, subject: 'file', fileSha256, takenBackAt: null, recordSerial };
  const rows = await runtime().db.signature.findMany({ where });
  if (rows.length === 0) return null;
  return armorSignatures(rows.map(({ packet, key }) => ({ bytes: packet, key: readFingerprint(key) })));
}

/** It says that it has a file of this name: which one? */
async function compare({ index, draft, file }: Ready, { says }: UploadAnswer, resolve?: Resolve): Promise<Outcome> {
  if (index.simple === null)
    return {
      state: 'failed',
      says: `It has a file of this name, and nobody can say which: set the address of its project pages. (${says})`,
    };
  const url = new URL(`${index.simple.replace(/\/?$/, '/')}${draft.projectName}/`);
  const why = faultOfAddress(url);
  if (why !== null) return { state: 'failed', says: `Its project pages are not asked: ${why}. (${says})` };
  const page = await ask({
    ...{ url, method: 'GET', longer: 'refused', trusted: isNamedByOperator(url) },
    headers: { Accept: 'application/vnd.pypi.simple.v1+json, text/html;q=0.1' },
    ...{ bytesMax: limits.elsewherePageBytesMax, ms: limits.webhookMs, ...(resolve && { resolve }) },
  });
  if (page.status !== 200)
    return {
      state: 'later',
      says: `It has a file of this name; its project page could not be read to compare. (${says})`,
    };
  const there = findDigest(page.bytes, file.name);
  if (there === file.sha256) return { state: 'done', says: `It was there already, with the same SHA-256. (${says})` };
  const which = there === null ? 'its project page gives no SHA-256 of it' : `that one has the SHA-256 ${there}`;
  return {
    state: 'failed',
    says: `ANOTHER FILE of this name may be there: ${which}, and ours is ${file.sha256}. (${says})`,
  };
}

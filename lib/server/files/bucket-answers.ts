// What a bucket answers, read: foreign text and headers, for the few things that are asked for. An answer in which they are not is refused
// (`storage.unreadable`), and never taken for “there is nothing”: a page of some proxy would otherwise be an empty bucket, and a file without a time an old one.
import { refuse } from '#lib/core/errors.ts';
import { log } from '#lib/server/log.ts';

export type Kept = { size: number; since: Date };
/** `next`: what asks for the page behind it; null: this was the last one. */
export type Page<One> = { found: One[]; next: Record<string, string> | null };

/** A foreign text for one line of the log. */
export const cut = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300);

function unreadable(what: string, text: string): Error {
  log().error({ what, answered: cut(text) }, 'The file store gave an answer that cannot be read.');
  return refuse('storage.unreadable', {});
}

/** How long an object is and when it was written. @throws `storage.unreadable` */
export function readKept(size: string | undefined, since: string | undefined): Kept {
  const kept = { size: Number(size || Number.NaN), since: new Date(since || Number.NaN) };
  if (Number.isSafeInteger(kept.size) && kept.size >= 0 && !Number.isNaN(kept.since.getTime())) return kept;
  throw unreadable('length and time of an object', `${size} ${since}`);
}

/** A page of a listing (ListObjectsV2). @throws `storage.unreadable` */
export function readObjects(text: string): Page<Kept & { key: string }> {
  const found = entriesOf(text, 'ListBucketResult', 'Contents').map((entry) => ({
    ...{ key: requireTag(entry, 'Key'), ...readKept(tagOf(entry, 'Size'), tagOf(entry, 'LastModified')) },
  }));
  return { found, next: isCutOff(text) ? { 'continuation-token': requireTag(text, 'NextContinuationToken') } : null };
}

/** A page of uploads in parts that were not ended (ListMultipartUploads). @throws `storage.unreadable` */
export function readUnended(text: string): Page<{ key: string; uploadId: string; since: Date }> {
  const found = entriesOf(text, 'ListMultipartUploadsResult', 'Upload').map((entry) => ({
    ...{ key: requireTag(entry, 'Key'), uploadId: requireTag(entry, 'UploadId') },
    since: readKept('0', tagOf(entry, 'Initiated')).since,
  }));
  if (!isCutOff(text)) return { found, next: null };
  const next = {
    'key-marker': requireTag(text, 'NextKeyMarker'),
    'upload-id-marker': requireTag(text, 'NextUploadIdMarker'),
  };
  return { found, next };
}

/** The name of an upload in parts that was just begun. @throws `storage.unreadable` */
export const readUploadId = (text: string): string => requireTag(text, 'UploadId');

/** S3 may say 200 before it knows whether it can put the parts together, and the fault in the text. @throws `storage.unreadable` */
export function requireJoined(text: string): void {
  if (!text.includes('<CompleteMultipartUploadResult')) throw unreadable('the end of an upload in parts', text);
}

function entriesOf(text: string, root: string, tag: string): string[] {
  const isWhole =
    new RegExp(`<${root}[\\s>][^]*</${root}>\\s*$`).test(text) || new RegExp(`<${root}[^>]*/>\\s*$`).test(text);
  if (!isWhole) throw unreadable(root, text);
  return [...text.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, entry = '']) => entry);
}

const isCutOff = (text: string): boolean => tagOf(text, 'IsTruncated') === 'true';

function requireTag(text: string, tag: string): string {
  const found = tagOf(text, tag);
  if (found === '') throw unreadable(tag, text);
  return found;
}

const tagOf = (text: string, tag: string): string =>
  unescapeXml(new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1] ?? '');

const unescapeXml = (text: string): string =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&apos;|&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** A text of ours (or of theirs, going back) as the content of an element. */
export const escapeXml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

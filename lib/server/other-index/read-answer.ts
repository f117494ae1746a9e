// What another index answers to an upload, read as twine and uv read it: taken, there already, refused, or to be tried again. Its words are hostile
// text; what is kept of them is one plain line.
import type { Sha256 } from '#lib/core/ids.ts';
import { plainText } from '#lib/server/history/details.ts';
import type { Answered } from '#lib/server/outgoing/ask.ts';

export type UploadAnswer = { kind: 'taken' | 'exists' | 'refused' | 'later'; says: string };

const again: ReadonlySet<number> = new Set([408, 425, 429]);
/** As twine has it for the indexes that it knows (commands/upload.py, skip_upload). */
const exists: readonly { status: number; words: RegExp }[] = [
  { status: 409, words: /(?:)/ },
  { status: 400, words: /already exist|already been taken|updating asset/i },
  { status: 403, words: /overwrite artifact/i },
];

/** Total: whatever came, it is one of the four. */
export function readUploadAnswer(answered: Answered): UploadAnswer {
  if (answered.status === null) return { kind: 'later', says: `No answer: ${oneLine(answered.why)}` };
  const { status } = answered;
  const [reason, body] = [oneLine(answered.reason), oneLine(new TextDecoder().decode(answered.bytes))];
  const text = body.startsWith(reason) ? body : `${reason} ${body}`;
  const says = `${status} ${text}`.trim();
  if (status >= 200 && status < 300) return { kind: 'taken', says };
  if (status >= 300 && status < 400)
    return { kind: 'refused', says: `${says} (it leads elsewhere; set the address that it leads to)` };
  if (exists.some((one) => one.status === status && one.words.test(text))) return { kind: 'exists', says };
  return { kind: status >= 500 || again.has(status) ? 'later' : 'refused', says };
}

const entities: Readonly<Record<string, string>> = {
  ...{ '&#039;': "'", '&#39;': "'", '&quot;': '"', '&amp;': '&', '&lt;': '<', '&gt;': '>' },
};

const [answerCharactersMost, tagCharactersMost] = [4000, 4000];

const oneLine = (hostile: string): string =>
  plainText(
    hostile
      .slice(0, answerCharactersMost)
      .replace(/<(?:head|style|script)[^]*?<\/(?:head|style|script)>/gi, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/&(?:#0?39|quot|amp|lt|gt);/g, (entity) => entities[entity] ?? entity)
      .replace(/\s+/g, ' '),
    300,
  ).trim();

/** The SHA-256 that a project page (PEP 503 or 691) gives for a file; null: it gives none. Hostile bytes. */
export function findDigest(foreignBytes: Uint8Array, fileName: string): Sha256 | null {
  const text = new TextDecoder().decode(foreignBytes);
  const found = text.trimStart().startsWith('{') ? inJson(text, fileName) : inHtml(text, fileName);
  return found !== null && /^[0-9a-f]{64}$/.test(found) ? (found as Sha256) : null;
}

/** By plain search and one short slice: a page of a stranger costs no more than its length. */
function inHtml(text: string, fileName: string): string | null {
  const end = text.indexOf(`>${fileName}<`);
  if (end === -1) return null;
  const tag = text.slice(Math.max(text.lastIndexOf('<', end), end - tagCharactersMost), end);
  return /\shref="[^"]*#sha256=([0-9a-f]{64})"/.exec(tag.replaceAll("'", '"'))?.[1] ?? null;
}

function inJson(text: string, fileName: string): string | null {
  try {
    const page = JSON.parse(text) as { files?: unknown };
    const files = Array.isArray(page.files) ? (page.files as (Record<string, unknown> | null)[]) : [];
    const hashes = files.find((file) => file?.['filename'] === fileName)?.['hashes'];
    const sha256 = (hashes as Record<string, unknown> | null | undefined)?.['sha256'];
    return typeof sha256 === 'string' ? sha256 : null;
  } catch {
    return null; // no page: it gives no digest
  }
}

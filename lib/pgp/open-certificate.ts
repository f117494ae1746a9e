// Examined certificates, remembered by their bytes: examining costs milliseconds, and the same few certificates are asked for again and again, fifty at
// a time where fifty people sign (a digest by WebCrypto of each was a tenth of a signature's work). A newer copy has other bytes, so it is never answered
// with older facts.
import { sameBytes } from '#lib/core/bytes.ts';
import { refuse } from '#lib/core/errors.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';
import { examine, type Examined } from './certificate-facts.ts';
import { renderHex } from './packets.ts';
import { readAllParts } from './read-certificate.ts';

const rememberedMax = 500;
const rememberedBytesMax = 64 * 1024;
const remembered = new Map<number, { bytes: Uint8Array; examined: Promise<Examined> }>();

/** The one certificate in these bytes with its keys ready for verifying. Refuses what is none (`key.…`). */
export async function openCertificate(bytes: Uint8Array): Promise<Examined> {
  // Foreign ones of a hand-over may be large; keeping hundreds of them would fill the memory.
  if (bytes.length > rememberedBytesMax) return examineOne(bytes);
  const place = sumOf(bytes);
  const there = remembered.get(place);
  const known = there && sameBytes(there.bytes, bytes) ? there : { bytes: bytes.slice(), examined: examineOne(bytes) };
  remembered.delete(place);
  remembered.set(place, known);
  const [oldest] = remembered.keys();
  if (remembered.size > rememberedMax && oldest !== undefined) remembered.delete(oldest);
  return known.examined;
}

/** Where it is looked for, no more: two with one sum are told apart by their bytes, and push each other out. */
function sumOf(bytes: Uint8Array): number {
  let sum = bytes.length;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) | 0;
  return sum;
}

/** SHA-256 through WebCrypto, which Node and browsers share. */
export async function sha256Of(bytes: Uint8Array): Promise<Sha256> {
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes));
  return readSha256(renderHex(new Uint8Array(digest)).toLowerCase());
}

async function examineOne(bytes: Uint8Array): Promise<Examined> {
  const [parts, ...more] = readAllParts(bytes);
  if (!parts || more.length > 0) throw refuse('key.unreadable', {});
  return examine(parts);
}

// Examined certificates, remembered by the SHA-256 of their bytes: examining costs milliseconds, and the same few certificates are
// asked for again and again. A newer copy has other bytes, so it is never answered with older facts.
import { refuse } from '#lib/core/errors.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';
import { examine, type Examined } from './certificate-facts.ts';
import { renderHex } from './packets.ts';
import { readAllParts } from './read-certificate.ts';

const rememberedMax = 500;
const rememberedBytesMax = 64 * 1024;
const remembered = new Map<Sha256, Promise<Examined>>();

/** The one certificate in these bytes with its keys ready for verifying. Refuses what is none (`key.…`). */
export async function openCertificate(bytes: Uint8Array): Promise<Examined> {
  // Foreign ones of a hand-over may be large; keeping hundreds of them would fill the memory.
  if (bytes.length > rememberedBytesMax) return examineOne(bytes);
  const name = await sha256Of(bytes);
  const known = remembered.get(name) ?? examineOne(bytes);
  remembered.delete(name);
  remembered.set(name, known);
  const [oldest] = remembered.keys();
  if (remembered.size > rememberedMax && oldest) remembered.delete(oldest);
  return known;
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

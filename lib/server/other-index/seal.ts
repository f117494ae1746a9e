// The secret with which files are uploaded to another index. It must be shown there as it is, so a digest of it would not do: it is sealed (AES-256-GCM)
// with a key derived from the instance's webhook key, which stands in no row, and bound to its project and address. A copy of the database uploads
// nothing; a row that was given another address opens nothing.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { runtime } from '#lib/server/runtime.ts';

export type SealedFor = { projectName: string; url: string; username: string };

const algorithm = 'aes-256-gcm';
const [ivBytes, tagBytes] = [12, 16];

const sealingKey = (): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', runtime().secrets.webhooks, '', 'countersign other index 1', 32));
const boundTo = ({ projectName, url, username }: SealedFor): Buffer =>
  Buffer.from(JSON.stringify([projectName, url, username]));

/** Seals it for this project and address. */
export function seal(secret: string, about: SealedFor): Uint8Array<ArrayBuffer> {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, sealingKey(), iv).setAAD(boundTo(about));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), sealed]));
}

/** The secret; null: this program does not have the key, or the row was changed. */
export function unseal(sealed: Uint8Array, about: SealedFor): string | null {
  const bytes = Buffer.from(sealed);
  const [iv, tag] = [bytes.subarray(0, ivBytes), bytes.subarray(ivBytes, ivBytes + tagBytes)];
  try {
    const decipher = createDecipheriv(algorithm, sealingKey(), iv, { authTagLength: tagBytes }).setAAD(boundTo(about));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    return null; // the tag does not fit: said by null, so that the caller tells its people
  }
}

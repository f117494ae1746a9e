// A private key as the person gave it on the page: a chosen file or pasted text. Read in the worker only; refuses nothing but emptiness, and
// reads no more of a file than a key can be long.
import { refuse } from '#lib/core/errors.ts';

/** The chosen file, or what was pasted. */
export type PrivateKeyInput = Blob | string;

const privateKeyBytesMax = 1024 * 1024;

/** Its bytes. Refuses `input.missing`. */
export async function bytesOf(privateKey: PrivateKeyInput): Promise<Uint8Array> {
  const blob = typeof privateKey === 'string' ? new Blob([privateKey]) : privateKey;
  if (blob.size === 0) throw refuse('input.missing', { field: 'the private key' });
  return new Uint8Array(await blob.slice(0, privateKeyBytesMax).arrayBuffer());
}

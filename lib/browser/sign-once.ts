// What the signing worker does with its one question: read the bytes again, compare them with what is shown, unlock the key, sign, forget.
// Files are signed from the state of their hash, and only those whose digest the statement in the bytes binds. Trusts lib/pgp for OpenPGP and nobody for the rest. Answers with an armored signature and the fingerprint, or a refusal in words; the key
// and the passphrase are in no answer and in no error.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { readStatement } from '#lib/core/statement.ts';
import { forgetPrivateKey, signDetached, signDigest, unlockPrivateKey } from '#lib/pgp/sign.ts';
import type { DigestWithTail } from '#lib/pgp/sign-digest.ts';
import { askDigest, signDigest as signDigestWithDevice, signWithDevice, type DeviceKey } from './device-key.ts';
import { resumeHashing, type Resumed } from './hashing.ts';
import { bytesOf } from './private-key-input.ts';
import { plain, type PlainRefusal } from './read-key.ts';
import { requireShown, type ShownDocument } from './shown-document.ts';

/** A file of the statement: its name there, and the state of its hash (hashing.ts). */
export type HashedFile = { name: string; state: Uint8Array };

export type SigningRequest = {
  shown: ShownDocument;
  bytes: Uint8Array;
  /** Files to sign as well as the bytes, where those are a statement. */
  files?: readonly HashedFile[];
  /** The chosen file, what was pasted, or the handle of a key of this browser. */
  privateKey: Blob | string | DeviceKey;
  passphrase: string;
  /** Primary fingerprints with which this counts for the person. */
  expectedKeys: readonly string[];
  /** The server's time in milliseconds: what the signature says. */
  now: number;
};

export type SigningAnswer =
  | { armored: string; fingerprint: string; refusal?: undefined }
  | { armored?: undefined; fingerprint?: undefined; refusal: PlainRefusal };

/** Makes one signature, and one for each file, or says why not. Rejects only by a fault of ours, which then says nothing of key or passphrase. */
export async function signOnce(request: SigningRequest): Promise<SigningAnswer> {
  try {
    await requireShown(request.bytes, request.shown);
    const files = await requireFiles(request);
    const signer = await openSigner(request);
    try {
      const armored = [await signer.sign(request.bytes)];
      for (const { withTail } of files) armored.push(await signer.signDigest(withTail));
      return { armored: armored.join(''), fingerprint: signer.fingerprint };
    } finally {
      signer.forget();
    }
  } catch (fault) {
    if (isRefusal(fault)) return { refusal: plain(fault) };
    throw fault;
  }
}

/** The hashes of the files, gone on with. Refuses `check.differs` for a file that is not the one of this name in the statement. */
async function requireFiles({ bytes, files = [] }: SigningRequest): Promise<Resumed[]> {
  const bound = files.length === 0 ? [] : readStatement(bytes).files;
  const resumed: Resumed[] = [];
  for (const { name, state } of files) {
    const file = await resumeHashing(state);
    if (bound.find((entry) => entry.name === name)?.sha256 !== file.sha256) throw refuse('check.differs', { name });
    resumed.push(file);
  }
  return resumed;
}

type Signer = {
  fingerprint: Fingerprint;
  sign: (bytes: Uint8Array) => Promise<string>;
  signDigest: (digestWith: DigestWithTail) => Promise<string>;
  forget: () => void;
};

async function openSigner({ privateKey, passphrase, expectedKeys, now }: SigningRequest): Promise<Signer> {
  if (typeof privateKey === 'object' && 'fingerprint' in privateKey) {
    requireExpected(privateKey.fingerprint, expectedKeys);
    return signerByHandle(privateKey, now);
  }
  const key = await unlockPrivateKey(await bytesOf(privateKey), passphrase, now);
  requireExpected(key.fingerprint, expectedKeys);
  return {
    fingerprint: key.fingerprint,
    sign: (bytes) => signDetached(key, bytes, now),
    signDigest: (digestWith) => signDigest(key, digestWith, now),
    forget: () => forgetPrivateKey(key),
  };
}

const signerByHandle = (key: DeviceKey, now: number): Signer => ({
  fingerprint: key.fingerprint,
  sign: (bytes) => signWithDevice(key, bytes, now),
  signDigest: (digestWith) => signDigestWithDevice(key, now, digestWith(askDigest(key.fingerprint, now).suffix)),
  forget: () => undefined,
});

function requireExpected(key: Fingerprint, expected: readonly string[]): void {
  if (!expected.includes(key)) throw refuse('signing.foreign-key', { key, expected: [...expected] });
}

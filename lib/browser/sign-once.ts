// What the signing worker does with its one question: read the bytes again, compare them with what is shown, unlock the key, sign, forget. There may be
// several documents: they are compared before the key is touched, it is unlocked once, and each has its own answer.
// Files are signed from the state of their hash, and only those whose digest the statement in the bytes binds. Trusts lib/pgp for OpenPGP and nobody
// for the rest. Answers with an armored signature and the fingerprint, or a refusal in words; the key and the passphrase are in no
// answer and in no error.
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

/** One document that is to be signed. */
export type DocumentRequest = {
  shown: ShownDocument;
  bytes: Uint8Array;
  /** Files to sign as well as the bytes, where those are a statement. */
  files?: readonly HashedFile[];
  /** Primary fingerprints with which this counts for the person. */
  expectedKeys: readonly string[];
};

/** With what is signed, and when. */
type Signing = {
  /** The chosen file, what was pasted, or the handle of a key of this browser. */
  privateKey: Blob | string | DeviceKey;
  passphrase: string;
  /** The server's time in milliseconds: what the signature says. */
  now: number;
};

export type SigningRequest = DocumentRequest & Signing;
export type TogetherRequest = Signing & { documents: readonly DocumentRequest[] };

export type SigningAnswer =
  | { armored: string; fingerprint: string; refusal?: undefined }
  | { armored?: undefined; fingerprint?: undefined; refusal: PlainRefusal };

/** One answer for each document, in their order; or why the key could not be used at all. */
export type TogetherAnswer = { answers: SigningAnswer[]; refusal?: undefined } | { refusal: PlainRefusal };

/** Makes one signature, and one for each file, or says why not. Rejects only by a fault of ours, which then says nothing of key or passphrase. */
export async function signOnce({ privateKey, passphrase, now, ...document }: SigningRequest): Promise<SigningAnswer> {
  const together = await signTogether({ privateKey, passphrase, now, documents: [document] });
  if (together.refusal) return { refusal: together.refusal };
  const [answer] = together.answers;
  if (answer === undefined) throw new Error('One document has no answer.');
  return answer;
}

/** The same for several documents: one that is refused keeps no other from being signed. The key is not touched where none can be. */
export async function signTogether({ documents, ...signing }: TogetherRequest): Promise<TogetherAnswer> {
  const checked = await Promise.all(documents.map((document) => orRefusal(() => check(document))));
  if (checked.every(isPlain)) return { answers: checked };
  const signer = await orRefusal(() => openSigner(signing));
  if (isPlain(signer)) return signer;
  try {
    const answers: SigningAnswer[] = [];
    for (const one of checked) answers.push(isPlain(one) ? one : await orRefusal(() => signWith(signer, one)));
    return { answers };
  } finally {
    signer.forget();
  }
}

type Checked = { document: DocumentRequest; files: Resumed[] };

async function check(document: DocumentRequest): Promise<Checked> {
  await requireShown(document.bytes, document.shown);
  return { document, files: await requireFiles(document) };
}

async function signWith(signer: Signer, { document, files }: Checked): Promise<SigningAnswer> {
  requireExpected(signer.fingerprint, document.expectedKeys);
  const armored = [await signer.sign(document.bytes)];
  for (const { withTail } of files) armored.push(await signer.signDigest(withTail));
  return { armored: armored.join(''), fingerprint: signer.fingerprint };
}

type Refused = { armored?: undefined; fingerprint?: undefined; refusal: PlainRefusal };

const isPlain = (value: object): value is Refused => 'refusal' in value && value.refusal !== undefined;

async function orRefusal<Value extends object>(work: () => Promise<Value>): Promise<Value | Refused> {
  try {
    return await work();
  } catch (fault) {
    if (isRefusal(fault)) return { refusal: plain(fault) };
    throw fault;
  }
}

/** The hashes of the files, gone on with. Refuses `check.differs` for a file that is not the one of this name in the statement. */
async function requireFiles({ bytes, files = [] }: DocumentRequest): Promise<Resumed[]> {
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

async function openSigner({ privateKey, passphrase, now }: Signing): Promise<Signer> {
  if (typeof privateKey === 'object' && 'fingerprint' in privateKey) return signerByHandle(privateKey, now);
  const key = await unlockPrivateKey(await bytesOf(privateKey), passphrase, now);
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

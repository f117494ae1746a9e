// Cosignatures of witnesses on a checkpoint (C2SP tlog-cosignature, Ed25519): a witness says that at this time this was the largest tree of the log
// that it saw, and that all it saw before are its beginning. Lines are hostile until they verify under a key that whoever checks was given;
// lines of anybody else, and of types that are not known here (ML-DSA-44), are ignored as the specification demands.
import { refuse } from '#lib/core/errors.ts';
import {
  keyIdOf,
  signaturesBy,
  type NoteCheck,
  type NoteKey,
  type NoteSignature,
  type ReadNote,
} from './checkpoint.ts';

/** A witness who saw the checkpoint, and when, in seconds since 1970. */
export type Cosigned = { name: string; at: number };

const timeBytes = 8;
const signatureBytes = 64;

/** What a witness signs ("Ed25519 signed message"). */
export const renderCosignedText = (noteText: string, at: number): string => `cosignature/v1\ntime ${at}\n${noteText}`;

/** The line of a witness: the time in eight octets and the signature over both ("Format"). */
export function makeCosignature(
  { text }: Pick<ReadNote, 'text'>,
  {
    key,
    at,
    hash,
    sign,
  }: { key: NoteKey; at: number; hash: NoteCheck['hash']; sign: (message: Uint8Array) => Uint8Array },
): NoteSignature {
  const signed = new Uint8Array(timeBytes + signatureBytes);
  new DataView(signed.buffer).setBigUint64(0, BigInt(at));
  signed.set(sign(new TextEncoder().encode(renderCosignedText(text, at))), timeBytes);
  return { name: key.name, keyId: keyIdOf(key, hash, 'cosignature'), signature: signed };
}

/**
 * Which of these witnesses cosigned the note, with the newest time of each. Refuses (`log.not-signed`) a note with a line that names one of their keys
 * and does not hold: such a note is malformed (signed-note, "Signatures").
 */
export function findCosigned(note: ReadNote, witnesses: readonly NoteKey[], check: NoteCheck): Cosigned[] {
  return witnesses.flatMap((key) => {
    const lines = signaturesBy(note, key, keyIdOf(key, check.hash, 'cosignature'));
    const times = lines.map((line) => requireCosignature(note, { key, line }, check));
    return times.length > 0 ? [{ name: key.name, at: Math.max(...times) }] : [];
  });
}

/** The time of a line that names this key; refuses (`log.not-signed`) one that does not hold. */
export function requireCosignature(
  { text, checkpoint }: ReadNote,
  { key, line }: { key: NoteKey; line: NoteSignature },
  { verify }: NoteCheck,
): number {
  const { signature } = line;
  const at = signature.length === timeBytes + signatureBytes ? readTime(signature) : null;
  const message = new TextEncoder().encode(renderCosignedText(text, at ?? 0));
  if (at === null || !verify(key.publicKey, message, signature.slice(timeBytes)))
    throw refuse('log.not-signed', { origin: checkpoint.origin, key: key.name });
  return at;
}

/** null: a time that no clock shows. */
function readTime(signature: Uint8Array): number | null {
  const time = Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
  return Number.isSafeInteger(time) && time > 0 ? time : null;
}

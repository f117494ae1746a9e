// What a witness keeps, in a folder of its own: its key, which index it watches and by which key, and the checkpoint that it signed last. The checkpoint is
// on the disk before the line leaves this machine, whole or as it was, so that a kill never makes it sign two stories. A folder that lost its checkpoint is not
// a new beginning: it is refused. Trusts its own files, but not loose modes.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readDocument, readExactly, readLine, renderDocument } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, readIndexName, type Fingerprint, type IndexName } from '#lib/core/ids.ts';
import { noteCheck, publicOctetsOf } from '#lib/digest/ed25519.ts';
import { renderNoteKey, type NoteKey } from '#lib/evidence/checkpoint.ts';
import { writeSynced } from '#cli/trust/write-synced.ts';

/** What is watched. */
export type Watched = {
  type: 'countersign/witness';
  format: 1;
  /** The name of the witness. */
  name: string;
  /** Address of the index, ending with a slash. */
  address: string;
  index: IndexName;
  /** The key that the index must sign with. */
  indexKey: Fingerprint;
};

export type WitnessState = { watched: Watched; key: NoteKey; privateKey: KeyObject; seen: Uint8Array };

const keyPlace = (folder: string): string => path.join(folder, 'private.pem');
const watchedPlace = (folder: string): string => path.join(folder, 'witness.json');
/** The checkpoint with the line of this witness under it: to be served elsewhere, too, by whoever likes (tlog-witness, monitoring). */
export const checkpointPlace = (folder: string): string => path.join(folder, 'checkpoint');

/** Reads it; null where nothing was ever made there. Refuses `witness.damaged` and `witness.loose-mode`. */
export function readWitness(folder: string): WitnessState | null {
  const places = [keyPlace(folder), watchedPlace(folder), checkpointPlace(folder)];
  const missing = places.filter((place) => !existsSync(place));
  if (missing.length === places.length) return null;
  const [gone] = missing;
  if (gone !== undefined) throw refuse('witness.damaged', { place: gone });
  const privateKey = readKey(folder);
  const watched = readDocument(readFileSync(watchedPlace(folder)), 'what a witness watches', (f): Watched => ({
    type: readExactly(f['type'], 'countersign/witness', 'the type'),
    format: readExactly(f['format'], 1, 'the format'),
    name: readLine(f['name'], 'the name', 200),
    address: readLine(f['address'], 'the address', 600),
    index: readIndexName(f['index']),
    indexKey: readFingerprint(f['indexKey']),
  }));
  const key = { name: watched.name, publicKey: publicOctetsOf(privateKey) };
  return { watched, key, privateKey, seen: new Uint8Array(readFileSync(checkpointPlace(folder))) };
}

function readKey(folder: string): KeyObject {
  const place = keyPlace(folder);
  if (process.platform !== 'win32' && (statSync(place).mode & 0o077) !== 0)
    throw refuse('witness.loose-mode', { place });
  return createPrivateKey(readFileSync(place));
}

/** A new key. */
export const makeKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

/** Writes all of it for the first time, the checkpoint last: without it the folder counts as damaged, not as new. */
export function writeWitness(folder: string, { watched, privateKey, seen }: Omit<WitnessState, 'key'>): void {
  writeSynced(keyPlace(folder), Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  writeWatched(folder, watched);
  writeSeen(folder, seen);
}

export const writeWatched = (folder: string, watched: Watched): void =>
  writeSynced(watchedPlace(folder), Buffer.from(renderDocument(watched)));

export const writeSeen = (folder: string, checkpoint: Uint8Array): void =>
  writeSynced(checkpointPlace(folder), checkpoint);

/** The line that the operator of an index, and whoever trusts this witness, are given. */
export const witnessKeyOf = ({ key }: Pick<WitnessState, 'key'>): string =>
  renderNoteKey(key, noteCheck.hash, 'cosignature');

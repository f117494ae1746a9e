// The settings of the countersigner, from the environment. Refuses (`countersigner.settings`) what is missing or cannot be read; no switch here weakens
// a check.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { readKeyPlace, type KeyPlace } from './index-signer.ts';

export type Settings = {
  /** Of the web program. */
  url: string;
  token: string;
  stateFolder: string;
  /** The longest time between two rounds. */
  intervalMs: number;
  /** Which index key the operator means; null: the one there is. */
  indexKey: KeyPlace | null;
  /** A file outside the state folder and its backups that counts hand-backs; null: none. */
  counterFile: string | null;
};

export type Environment = Record<string, string | undefined>;

const wrong = (why: string) => refuse('countersigner.settings', { why });

/** All settings of a countersigner that works. */
export function readSettings(environment: Environment): Settings {
  const url = environment['COUNTERSIGN_URL'] ?? '';
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw wrong('COUNTERSIGN_URL is not the address of the web program');
  const intervalSeconds = Number(environment['INTERVAL'] ?? '10');
  if (!(intervalSeconds >= 0.2 && intervalSeconds <= 3600))
    throw wrong('INTERVAL is not a number of seconds (0.2 to 3600)');
  return {
    url,
    token: readToken(environment),
    stateFolder: readStateFolder(environment),
    intervalMs: intervalSeconds * 1000,
    indexKey: readIndexKeyWish(environment),
    counterFile: readCounterFile(environment),
  };
}

export const readStateFolder = (environment: Environment): string =>
  path.resolve(environment['STATE_DIR'] ?? './data/countersigner');

/** `COUNTER_FILE`; null: none. */
export const readCounterFile = (environment: Environment): string | null =>
  environment['COUNTER_FILE'] ? path.resolve(environment['COUNTER_FILE']) : null;

/** `INDEX_KEY`: file, or gpg:FINGERPRINT. */
export const readIndexKeyWish = (environment: Environment): KeyPlace | null =>
  environment['INDEX_KEY'] ? readKeyPlace(environment['INDEX_KEY']) : null;

function readToken(environment: Environment): string {
  const file = environment['HANDOFF_TOKEN_FILE'];
  try {
    const token = environment['HANDOFF_TOKEN'] ?? (file ? readFileSync(file, 'utf8').trim() : '');
    if (/^[\x21-\x7e]{32,}$/.test(token)) return token;
  } catch (cause) {
    throw refuse('countersigner.settings', { why: 'HANDOFF_TOKEN_FILE cannot be read' }, cause);
  }
  throw wrong('HANDOFF_TOKEN (or HANDOFF_TOKEN_FILE) is missing or shorter than 32 characters');
}

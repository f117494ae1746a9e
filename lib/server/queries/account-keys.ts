// The keys of the reader's own account: a list, one key with its proof phrase, and the phrase as a file to sign.
// A key of somebody else is "not found". User ids are hostile text.
import type { Fingerprint, ProjectName } from '#lib/core/ids.ts';
import type { KeyState, Revocation, SigningKeyFacts } from '#lib/core/key.ts';
import type { Actor } from '#lib/core/people.ts';
import type { HistoryLine } from './history-of.ts';
import type { Download } from './download.ts';

export type KeyRow = {
  fingerprint: Fingerprint;
  state: KeyState;
  algorithm: string;
  userIds: readonly string[];
  created: Date;
  expires: Date | null;
  addedAt: Date;
  provenAt: Date | null;
  /** Projects whose policy in force names this key. */
  projects: ProjectName[];
};

export type KeyChallenge = {
  phrase: string;
  /** `countersign-proof-….txt`: what to save the phrase as. */
  fileName: string;
  sha256: string;
  expiresAt: Date;
  commands: { tool: 'gpg' | 'sq'; label: string; command: string }[];
};

export type KeyPage = KeyRow & {
  signing: readonly SigningKeyFacts[];
  canEncrypt: boolean;
  revocation: Revocation | null;
  /** Armored, as stored (own user ids and self-signatures only). */
  certificate: string;
  /** While unproven, and a phrase is waiting. */
  challenge: KeyChallenge | null;
  history: HistoryLine[];
};

/** My keys, newest first. Refuses `person.sign-in-first`. */
export async function accountKeys(actor: Actor): Promise<KeyRow[]> {
  throw new Error(`being written ${actor.kind}`);
}

/** One of my keys. Refuses `key.not-found`. */
export async function keyPage(actor: Actor, fingerprint: string): Promise<KeyPage> {
  throw new Error(`being written ${actor.kind} ${fingerprint}`);
}

/** The phrase that waits to be signed, as a file. Refuses `key.not-found`, `key.no-challenge`. */
export async function keyPhrase(actor: Actor, fingerprint: string): Promise<Download> {
  throw new Error(`being written ${actor.kind} ${fingerprint}`);
}

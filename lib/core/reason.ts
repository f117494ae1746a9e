// Why a signature does not count: a closed set of reasons as data, and the one sentence for each (threats.md, "What people do
// wrong"). lib/pgp establishes the defects of a packet, verdict.ts adds what the policy says. Texts may carry hostile parts.
import type { KeyEnd } from './key.ts';
import type { AccountName, Fingerprint } from './ids.ts';

/** What is wrong with a packet by itself, whoever made it. */
export type Defect =
  | { code: 'malformed'; why: string }
  | { code: 'text-mode' }
  | { code: 'wrong-type'; type: number }
  | { code: 'unsupported-version'; version: number }
  | { code: 'weak-hash'; hash: string }
  | { code: 'weak-key'; algorithm: string }
  | { code: 'unknown-critical' }
  | { code: 'no-time' }
  | { code: 'unknown-key'; claimed: string }
  /** Names this key but does not verify over these bytes; `matches` says which earlier revision or file it fits, where one was found. */
  | { code: 'wrong-bytes'; key: Fingerprint; matches: string | null };

export type Reason =
  | Defect
  | KeyEnd
  | { code: 'made-in-the-future'; made: number; received: number }
  | { code: 'made-before-key'; key: Fingerprint }
  | { code: 'signature-expired'; at: number }
  | { code: 'not-in-policy'; key: Fingerprint; policy: number }
  | { code: 'not-an-owner'; name: AccountName }
  | { code: 'retired'; name: AccountName; since: number }
  | { code: 'struck'; name: AccountName }
  | { code: 'opener-does-not-count'; name: AccountName }
  | { code: 'file-signatures-off' }
  | { code: 'file-signature-too-old'; made: number }
  | { code: 'first-seen-elsewhere' }
  | { code: 'taken-back' }
  | { code: 'other-revision'; revision: number }
  | { code: 'not-a-file-of-this' }
  | { code: 'again-over-statement' };

export type ReasonCode = Reason['code'];

const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const minutes = (ms: number): string => {
  const whole = Math.round(ms / 60_000);
  return whole < 120 ? `${whole} min` : `${Math.round(whole / 60)} h`;
};

type Sentences = { [C in ReasonCode]: (reason: Extract<Reason, { code: C }>) => string };

// prettier-ignore
const sentences: Sentences = {
  'malformed': (r) => `This signature is damaged (${r.why}). Make it again and upload the new file.`,
  'text-mode': () => 'This is a text-mode signature, which fits more than one file. Sign again without --textmode.',
  'wrong-type': (r) => `This is an OpenPGP signature of type 0x${r.type.toString(16).padStart(2, '0')}, not one over a document. Use --detach-sign.`,
  'unsupported-version': (r) => `This signature has packet version ${r.version}; versions 4 and 6 are accepted. Make it with a current GnuPG or Sequoia.`,
  'weak-hash': (r) => `This signature uses ${r.hash}, which can be forged. Sign again with --digest-algo SHA256 or SHA512.`,
  'weak-key': (r) => `This signature was made with a key that is too weak (${r.algorithm}). Register and use a stronger one.`,
  'unknown-critical': () => 'This signature carries a critical part that we do not understand, so it must not be accepted. Sign again without it.',
  'no-time': () => 'This signature does not say when it was made. Make it again.',
  'unknown-key': (r) => `Made by key ${r.claimed}, which is not registered here. Register that key, or sign with the registered one (gpg -u …).`,
  'wrong-bytes': (r) => r.matches === null
    ? `This signature names key ${r.key} but does not fit these bytes: they changed since, or it was made over another file. Download the current statement and sign that file.`
    : `This signature is genuine for your key but not for what is asked now: it matches ${r.matches}. Download the current statement and sign again.`,
  'key-not-yet-valid': (r) => `Key ${r.key} was not valid yet when this signature came.`,
  'key-expired': (r) => `Key ${r.key} expired on ${utc(r.at)}. Extend it and upload the certificate again, or sign with another key.`,
  'key-revoked-hard': (r) => `Key ${r.key} was revoked on ${utc(r.at)} (reason: ${r.reason}). Its older signatures no longer count either.`,
  'key-revoked-soft': (r) => `Key ${r.key} was revoked on ${utc(r.at)} (${r.reason}). What came before still counts; sign with your current key.`,
  'key-lost': (r) => `Key ${r.key} is lost, as its person said on ${utc(r.at)}. What came before still counts; sign with another key.`,
  'key-cannot-sign': (r) => `Key ${r.key} may not sign data: it is not flagged for it, or not properly bound to its primary key.`,
  'made-in-the-future': (r) => `Made ${minutes(r.made - r.received)} in the future by the clock of your machine. Check it; the server says ${utc(r.received)}.`,
  'made-before-key': (r) => `The signature says it is older than its key ${r.key}. Check the clock of your machine and sign again.`,
  'signature-expired': (r) => `This signature ended on ${utc(r.at)}. Sign again without an end date.`,
  'not-in-policy': (r) => `Key ${r.key} is not in policy ${r.policy} of this project. An owner can add it; until then it cannot count.`,
  'not-an-owner': (r) => `${r.name} is a maintainer; this counts only if an owner signs it.`,
  'retired': (r) => `${r.name} no longer signs for this project (since ${utc(r.since)}).`,
  'struck': (r) => `The signatures of ${r.name} were struck by the owners and do not count.`,
  'opener-does-not-count': (r) => `${r.name} opened this draft; by the policy the opener’s signature does not count.`,
  'file-signatures-off': () => 'By the policy of this project only signatures over the statement count. Sign SHA256SUMS.',
  'file-signature-too-old': (r) => `This signature over a file was made on ${utc(r.made)}, more than 7 days before the draft was opened. Sign again.`,
  'first-seen-elsewhere': () => 'This very signature was handed in for another draft before. Sign again for this one.',
  'taken-back': () => 'This signature was taken back and cannot enter again. Sign anew if you changed your mind.',
  'other-revision': (r) => `For revision ${r.revision}; the files changed since. Download the current statement and sign again.`,
  'not-a-file-of-this': () => 'This signature is over a file that is not in this release.',
  'again-over-statement': () => 'This release was published before: to sign it again, sign its statement, not a single file.',
};

/** The sentence for a reason: what happened, what to do next. */
export function sayReason(reason: Reason): string {
  return (sentences[reason.code] as (r: Reason) => string)(reason);
}

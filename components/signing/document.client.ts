'use client';
// What the signing parts share: the document that is to be signed, the keys with which the reader may sign it, and what came of handing in.
// The same for a release statement, a policy and a key proof. Plain data, so that it crosses from server to browser.
import type { ShownDocument } from '#lib/browser/shown-document.ts';

/** A file of the release; `path` is where the page gets it. */
export type FileToSign = { name: string; size: number; path: string };

export type DocumentToSign = {
  /** The facts beside the panel; the signing worker demands that the bytes say the same. */
  shown: ShownDocument;
  /** The very bytes, as UTF-8. */
  text: string;
  size: number;
  /** `requests-9.1.0.r3.SHA256SUMS` */
  fileName: string;
  downloadPath: string;
  /** Files that may be signed themselves besides; none where such signatures would not count. */
  files?: readonly FileToSign[];
};

export type OwnKey = { fingerprint: string; userId: string };

export type SigningCommand = { tool: 'gpg' | 'sq'; label: string; command: string };

/** One signature that was handed in: whether it counts now, and the sentence that says why or why not. */
export type HandedSignature = { name: string; counts: boolean; sentence: string };

export type SigningState = {
  results: HandedSignature[];
  refusal?: { code: string; message: string; details?: Record<string, unknown> } | undefined;
};

/**
 * Takes a form with `way` (`browser` or `upload`), `pasted` (armor) and `signature` (any number of files); answers what came of each.
 */
export type HandInSignatures = (before: SigningState, form: FormData) => Promise<SigningState>;

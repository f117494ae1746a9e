// What a person sees before they sign, as plain facts, and the check that the bytes to be signed say exactly that. Runs inside the
// signing worker, so that a mistake or a foreign script on the page cannot have other bytes signed than those it shows.
// Trusts neither the bytes nor the page; refuses every difference, however small, before a key is touched.
import { readDeclaration } from '#lib/core/declaration.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readKeyProof } from '#lib/core/key.ts';
import { readPolicy } from '#lib/core/policy.ts';
import { readStatement } from '#lib/core/statement.ts';
import { sha256Of } from '#lib/pgp/open-certificate.ts';

/** The facts that stand beside the signing panel. `sha256` is that of the bytes to be signed. */
export type ShownDocument =
  | {
      kind: 'statement';
      index: string;
      project: string;
      version: string;
      draft: string;
      revision: number;
      sha256: string;
    }
  | { kind: 'policy'; project: string; version: number; sha256: string }
  | {
      kind: 'yank';
      index: string;
      project: string;
      version: string;
      action: string;
      reason: string;
      number: number;
      sha256: string;
    }
  | {
      kind: 'status';
      index: string;
      project: string;
      status: string;
      reason: string;
      number: number;
      sha256: string;
    }
  | { kind: 'key-proof'; index: string; account: string; key: string; sha256: string };

/**
 * Reads the bytes again as the kind that is shown and demands the shown facts and digest. Refuses with `signing.not-what-is-shown`
 * (which names the first thing that differs), also where the bytes are of another kind or no document at all.
 */
export async function requireShown(bytes: Uint8Array, shown: ShownDocument): Promise<void> {
  const facts = factsOf(bytes, shown);
  for (const [what, value] of Object.entries(facts)) {
    const expected = (shown as Record<string, unknown>)[what];
    if (value !== expected) throw refuse('signing.not-what-is-shown', { what });
  }
  if ((await sha256Of(bytes)) !== shown.sha256) throw refuse('signing.not-what-is-shown', { what: 'SHA-256' });
}

function factsOf(bytes: Uint8Array, shown: ShownDocument): Record<string, string | number> {
  try {
    return readers[shown.kind](bytes);
  } catch (fault) {
    if (isRefusal(fault)) throw refuse('signing.not-what-is-shown', { what: 'document' }, fault);
    throw fault;
  }
}

const readers = {
  statement(bytes) {
    const { index, project, version, draft, revision } = readStatement(bytes);
    return { index, project, version, draft, revision };
  },
  policy(bytes) {
    const { project, version } = readPolicy(bytes);
    return { project, version };
  },
  yank(bytes) {
    const { index, project, reason, number, ...d } = readDeclaration(bytes);
    if (d.type !== 'countersign/yank') throw refuse('signing.not-what-is-shown', { what: 'document' });
    return { index, project, version: d.version, action: d.action, reason, number };
  },
  status(bytes) {
    const { index, project, reason, number, ...d } = readDeclaration(bytes);
    if (d.type !== 'countersign/status') throw refuse('signing.not-what-is-shown', { what: 'document' });
    return { index, project, status: d.status, reason, number };
  },
  'key-proof'(bytes) {
    const { index, account, key } = readKeyProof(bytes);
    return { index, account, key };
  },
} satisfies Record<ShownDocument['kind'], (bytes: Uint8Array) => Record<string, string | number>>;

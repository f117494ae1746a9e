// `countersign inspect-key FILE`: what the index would say about a public key, offline, before it is uploaded. The file is hostile, its
// user ids above all. Exit codes: 0 could be registered, 1 refused with the reason, 2 no usable input.
import { exitCode, isRefusal, type Refusal } from '#lib/core/errors.ts';
import { renderInstant } from '#lib/core/ids.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import { certificateLimits, readCertificate, requireRegistrable, warningsAbout } from '#lib/pgp/read-certificate.ts';
import { InputFault, readInput, readMoment } from '#cli/read-input.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

/** Looks into a key file at the moment `at`, or else at that of the clock. Never throws. */
export async function inspectKeyCommand(
  file: string,
  options: { readonly at?: string | undefined; readonly json?: boolean | undefined },
  clock: number,
): Promise<CommandOutcome> {
  let facts: KeyFacts | null = null;
  try {
    const now = readMoment(options.at, clock);
    facts = (await readCertificate(await readInput(file, certificateLimits.rawBytesMax), now)).facts;
    requireRegistrable(facts, now);
    return { exit: 0, out: options.json ? renderJson(facts, null) : renderText(facts), err: '' };
  } catch (fault) {
    const out = options.json ? renderJson(facts, isRefusal(fault) ? fault : null) : '';
    return { exit: exitOf(fault), out, err: `${safeForTerminal(sentenceOf(fault))}\n` };
  }
}

const date = (ms: number | null): string | null => (ms === null ? null : renderInstant(ms));

function renderJson(facts: KeyFacts | null, refusal: Refusal | null): string {
  const answer = {
    accepted: facts !== null && refusal === null,
    ...(facts ? jsonOf(facts) : nothingKnown),
    refusal: refusal && { code: refusal.code, message: safeForTerminal(refusal.message) },
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

const nothingKnown = {
  ...{ fingerprint: null, algorithm: null, created: null, expires: null, revoked: null },
  ...{ userIds: [], signingKeys: [], canEncrypt: false, warnings: [] },
};

function jsonOf(facts: KeyFacts): Record<keyof typeof nothingKnown, unknown> {
  const { revocation } = facts;
  return {
    ...{
      fingerprint: facts.primary,
      algorithm: facts.algorithm,
      created: date(facts.created),
      expires: date(facts.expires),
    },
    revoked: revocation && { kind: revocation.kind, date: date(revocation.date), reason: revocation.reason },
    userIds: facts.userIds.map(safeForTerminal),
    signingKeys: facts.signing.map((key) => ({
      ...{ fingerprint: key.fingerprint, algorithm: key.algorithm },
      ...{ created: date(key.created), expires: date(key.expires), revoked: key.revocation?.kind ?? null },
    })),
    ...{ canEncrypt: facts.canEncrypt, warnings: warningsAbout(facts) },
  };
}

function renderText(facts: KeyFacts): string {
  const end = (ms: number | null): string => (ms === null ? 'never' : renderInstant(ms));
  const lines = [
    `${facts.primary}: could be registered`,
    `  algorithm  ${facts.algorithm}`,
    `  made       ${renderInstant(facts.created)}`,
    `  expires    ${end(facts.expires)}`,
    ...facts.userIds.map((userId) => `  user id    ${userId} (as the key says; not checked)`),
    ...facts.signing.map((key) => `  signs with ${key.fingerprint} (${key.algorithm}, expires ${end(key.expires)})`),
    ...warningsAbout(facts).map((warning) => `  warning    ${warning}`),
  ];
  return `${lines.map(safeForTerminal).join('\n')}\n`;
}

function exitOf(fault: unknown): number {
  if (fault instanceof InputFault) return 2;
  return isRefusal(fault) ? exitCode[fault.kind] : 70;
}

function sentenceOf(fault: unknown): string {
  if (isRefusal(fault)) return `${fault.message} (${fault.code})`;
  return fault instanceof InputFault
    ? fault.message
    : 'Something went wrong inside this program; nothing was accepted.';
}

// `countersign check-signature`: how many of these people signed this file, by the same rules as the index, offline. Each --key file is
// one person; files that share a key are the same person. All input is hostile; a refusal or a finding comes out, never a crash.
// Exit codes: 0 at least one person counts, 1 nobody does, 2 unusable input.
import { isRefusal, type RefusalKind } from '#lib/core/errors.ts';
import { renderInstant, type Fingerprint } from '#lib/core/ids.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import { sayReason, type Reason } from '#lib/core/reason.ts';
import { judgeEntry, type SignatureFacts } from '#lib/core/verdict.ts';
import { digestFile } from '#lib/digest/digest-file.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { certificateLimits, readKeyRing, type Certificate } from '#lib/pgp/read-certificate.ts';
import { readSignatures, signatureLimits } from '#lib/pgp/read-signatures.ts';
import { InputFault, readInput, readMoment, requireFile } from '#cli/read-input.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type CheckSignatureOptions = {
  readonly key: readonly string[];
  readonly data: string;
  readonly signature: string;
  /** The moment to judge at instead of now, `2026-11-22T09:00:00Z`. */
  readonly at?: string | undefined;
  /** When the index got the signature; the moment of judging where it is left out. */
  readonly received?: string | undefined;
  readonly json?: boolean | undefined;
};

type Judged = { facts: SignatureFacts; reason: Reason | null; person: number | null };

/** Checks the signature file over the data for the people. Never throws; `clock` in milliseconds. */
export async function checkSignatureCommand(options: CheckSignatureOptions, clock: number): Promise<CommandOutcome> {
  try {
    const now = readMoment(options.at, clock);
    const received = readMoment(options.received, now);
    const ring = await readPeople(options.key, now);
    const judged = await judgeAll(options, ring, received);
    const people = new Set(judged.flatMap(({ person }) => (person === null ? [] : [person]))).size;
    const out = options.json ? renderJson(people, judged) : renderText(people, judged);
    return { exit: people > 0 ? 0 : 1, out, err: '' };
  } catch (fault) {
    const out = options.json ? renderJson(0, []) : '';
    return { exit: exitOf(fault), out, err: `${safeForTerminal(sentenceOf(fault))}\n` };
  }
}

type Ring = { certificates: Certificate[]; facts: Map<Fingerprint, KeyFacts>; personOf: Map<Fingerprint, number> };

/** The certificates of all files, copies merged, and who is who: two files with a key in common are one person's. */
async function readPeople(files: readonly string[], now: number): Promise<Ring> {
  if (files.length === 0) throw new InputFault('Name at least one --key FILE.');
  const merged = new Map<Fingerprint, Certificate>();
  const holders: Fingerprint[][] = [];
  for (const file of files) {
    const found = await readKeyRing(await readInput(file, certificateLimits.rawBytesMax), now);
    for (const certificate of found) {
      const known = merged.get(certificate.facts.primary);
      merged.set(
        certificate.facts.primary,
        known ? await mergeCertificates(known.bytes, certificate.bytes) : certificate,
      );
    }
    holders.push(found.map(({ facts }) => facts.primary));
  }
  const facts = new Map([...merged].map(([primary, certificate]) => [primary, certificate.facts]));
  return { certificates: [...merged.values()], facts, personOf: groupPeople(holders, facts) };
}

function groupPeople(
  holders: readonly Fingerprint[][],
  facts: ReadonlyMap<Fingerprint, KeyFacts>,
): Map<Fingerprint, number> {
  const personOf = new Map<Fingerprint, number>();
  holders.forEach((primaries, person) => {
    const keys = primaries.flatMap((primary) => [
      primary,
      ...(facts.get(primary)?.signing ?? []).map((key) => key.fingerprint),
    ]);
    const met = new Set(keys.flatMap((key) => personOf.get(key) ?? []));
    for (const [key, other] of personOf) if (met.has(other)) personOf.set(key, person);
    for (const key of keys) personOf.set(key, person);
  });
  return personOf;
}

async function judgeAll(options: CheckSignatureOptions, ring: Ring, received: number): Promise<Judged[]> {
  const packets = await readSignatures(await readInput(options.signature, signatureLimits.bytesMax));
  await requireFile(options.data);
  const checked = await checkSignatures({
    packets,
    certificates: ring.certificates.map(({ bytes }) => bytes),
    digest: async (requests) => (await digestFile(options.data, { plain: [], tails: requests })).tails,
  });
  return checked.map((facts) => {
    const reason = judgeEntry(facts, received, ring.facts);
    const person = reason === null && facts.key ? (ring.personOf.get(facts.key) ?? null) : null;
    return { facts, reason, person };
  });
}

function renderJson(people: number, judged: readonly Judged[]): string {
  const findings = judged.map(({ facts, reason }) => ({
    key: facts.key,
    issuer: facts.issuer,
    made: facts.made === null ? null : renderInstant(facts.made),
    counts: reason === null,
    reason: reason?.code ?? null,
  }));
  return `${JSON.stringify({ people, findings })}\n`;
}

function renderText(people: number, judged: readonly Judged[]): string {
  const lines = judged.map(({ facts, reason }) =>
    reason === null
      ? `counts: made ${renderInstant(facts.made ?? 0)} by ${facts.issuer} of key ${facts.key}`
      : `does not count: ${sayReason(reason)} (${reason.code})`,
  );
  const sum = people === 1 ? '1 person signed this file.' : `${people} people signed this file.`;
  return `${[...lines, sum].map(safeForTerminal).join('\n')}\n`;
}

/** Whatever cannot be used as input is 2; a fault of ours says so. */
function exitOf(fault: unknown): number {
  const kinds: readonly RefusalKind[] = ['invalid', 'too-large', 'refused', 'conflict'];
  return fault instanceof InputFault || (isRefusal(fault) && kinds.includes(fault.kind)) ? 2 : 70;
}

function sentenceOf(fault: unknown): string {
  if (isRefusal(fault)) return `${fault.message} (${fault.code})`;
  return fault instanceof InputFault
    ? fault.message
    : 'Something went wrong inside this program; nothing was accepted.';
}

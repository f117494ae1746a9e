// What signatures are tried against before they enter: the draft as it is, the certificates that may be credited, and the bytes that may be signed. Asked
// outside of any lock, once for all who wait for it at the same moment; what is decided by it is decided again, inside the change (sign-together.ts).
// Each gets the certificates of its own draft's people and of its own sender, and of nobody else whose request happened to come beside it.
import { readSha256, type AccountName, type Fingerprint } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { inRounds, type Waiting } from '#lib/server/in-rounds.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { fileTarget, statementTarget, type Target } from './check-packets.ts';
import { findDraft } from './find-draft.ts';
import { loadCases, type LoadedCase } from './load-case.ts';
import { findDrafts, rowsOf } from './sign-together.ts';

export type SigningCase = {
  loaded: LoadedCase;
  /** Whose request it is. */
  name: AccountName;
  certificates: Uint8Array[];
  /** What is asked for first; then what the draft had before, so that a mistake gets its own sentence. */
  targets: Target[];
};

type Asking = { actor: Actor; draft: string };

/** Refuses as findDraft does, `project.no-policy`. */
export const loadSigningCase: (asking: Asking) => Promise<SigningCase> = inRounds(
  limits.signaturesTogetherMax,
  loadRound,
);

async function loadRound(round: readonly Waiting<Asking>[]): Promise<PromiseSettledResult<SigningCase>[]> {
  const { db, clock } = runtime();
  const found = await findDrafts(round, ({ within, item }) =>
    within(() => findDraft(db, item.actor, 'signature.add', item.draft)),
  );
  const cases = new Map((await loadCases(db, rowsOf(found), clock.now())).map((one) => [one.draft.id as string, one]));
  const names = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value.name] : []));
  const certificatesFor = await loadCertificates([...cases.values()], names);
  const targets = await loadTargets([...cases.values()]);
  return found.map((one) => {
    if (one.status === 'rejected') return one;
    const { row, name } = one.value;
    const loaded = cases.get(row.id);
    if (!loaded) throw new Error('A draft was judged to none.');
    const value = { loaded, name, certificates: certificatesFor(loaded, name), targets: targets.get(row.id) ?? [] };
    return { status: 'fulfilled', value };
  });
}

/** Of the policy, of its people (for "registered, but not in the policy") and of whoever hands the signature in. */
async function loadCertificates(
  cases: readonly LoadedCase[],
  names: readonly AccountName[],
): Promise<(loaded: LoadedCase, name: AccountName) => Uint8Array[]> {
  const people = cases.flatMap(({ signers }) => signers.map((person) => person.name));
  const rows = await runtime().db.key.findMany({
    where: {
      OR: [{ personName: { in: [...new Set([...people, ...names])] } }, { fingerprint: { in: cases.flatMap(keysOf) } }],
    },
    select: { fingerprint: true, personName: true, certificate: true },
  });
  return (loaded, name) => {
    const mine = new Set<string>([...loaded.signers.map((person) => person.name), name]);
    const named = new Set<string>(keysOf(loaded));
    return rows
      .filter(({ fingerprint, personName }) => mine.has(personName) || named.has(fingerprint))
      .map(({ certificate }) => certificate);
  };
}

/** Those that its policies name, and those by which it is signed. */
function keysOf({ policy, signers, judged }: LoadedCase): Fingerprint[] {
  const people = [...policy.policy.people, ...signers];
  const signed = judged.signatures.flatMap(({ facts }) => facts.key ?? []);
  return [...new Set([...people.flatMap((person) => person.keys), ...signed])];
}

async function loadTargets(cases: readonly LoadedCase[]): Promise<Map<string, Target[]>> {
  const { db } = runtime();
  const draftId = { in: cases.map(({ draft }) => draft.id as string) };
  const revisions = await db.revision.findMany({ where: { draftId }, orderBy: { number: 'desc' } });
  const earlier = await db.draftFile.findMany({
    where: { draftId, until: { not: null } },
    select: { draftId: true, sha256: true },
  });
  const targetsOf = ({ draft, files }: LoadedCase): Target[] => {
    const mine = (row: { draftId: string }): boolean => row.draftId === draft.id;
    const statements = revisions.filter(mine).map((revision) => statementTarget(revision.number, revision.statement));
    const before = earlier.filter(mine).map((row) => readSha256(row.sha256));
    const digests = new Set([...files.map((file) => file.sha256), ...before]);
    return [...statements, ...[...digests].map(fileTarget)];
  };
  return new Map(cases.map((loaded) => [loaded.draft.id, targetsOf(loaded)]));
}

// The lines at the foot of a release: one for each signature that is needed, and those that stopped counting, struck. Made from the
// findings of the verdict alone. Somebody who signed single files has a line only when all files are covered.
import { endOfWholeKey } from '#lib/core/key.ts';
import type { AccountName } from '#lib/core/ids.ts';
import { sayReason } from '#lib/core/reason.ts';
import type { Finding } from '#lib/core/verdict.ts';
import type { Signature as SignatureRow } from '#lib/server/db/generated/client.ts';
import { readFingerprint } from '#lib/core/ids.ts';
import type { LoadedCase } from '#lib/server/judge/load-case.ts';
import { sayWay } from '#lib/server/judge/signature-way.ts';
import type { SignatureLine } from './signing-panel.ts';

/** Signed lines first, then the open ones, then what no longer counts (but not what was for an earlier revision). */
export function linesOf(loaded: LoadedCase, reader: AccountName): SignatureLine[] {
  const { verdict, signatures, draft } = loaded;
  const paired = signatures.map((row, at) => ({ row, finding: verdict.findings[at] }));
  const counting = paired.filter(({ finding }) => finding?.counts);
  const names = [...new Set(counting.map(({ row }) => row.personName))];
  const signed = names.map((name) =>
    signedLine(
      counting.filter(({ row }) => row.personName === name).map(({ row }) => row),
      name === reader && draft.state === 'draft',
    ),
  );
  const open = Array.from({ length: verdict.missing }, (): SignatureLine => ({
    state: 'open',
    couldSign: verdict.couldStillSign,
  }));
  return [...signed, ...open, ...paired.flatMap(({ row, finding }) => struckLine(row, finding))];
}

function signedLine(rows: SignatureRow[], mine: boolean): SignatureLine {
  const row = rows.find((candidate) => candidate.subject === 'statement') ?? rows[0];
  if (!row) throw new Error('A line has a signature.');
  const over = row.subject === 'statement' ? 'statement' : rows.map((entry) => entry.fileName ?? 'a file').join(', ');
  return {
    ...{ state: 'signed', id: row.id, name: row.personName, at: row.received, way: sayWay(row.via), over, mine },
    ...{ fingerprint: readFingerprint(row.key), issuer: readFingerprint(row.issuer) },
  };
}

function struckLine(row: SignatureRow, finding: Finding | undefined): SignatureLine[] {
  const reason = finding?.reason;
  if (!reason || reason.code === 'other-revision' || reason.code === 'not-a-file-of-this') return [];
  const says = reason.code === 'taken-back' ? 'It was taken back.' : sayReason(reason);
  return [
    {
      state: 'struck',
      id: row.id,
      name: row.personName,
      fingerprint: readFingerprint(row.key),
      at: row.received,
      reason: says,
    },
  ];
}

/** People of the policy who cannot fill a line, each with the reason. */
export function sayWhyNot(loaded: LoadedCase): { name: AccountName; why: string }[] {
  const { policy, signers, draft, ring, verdict, judged } = loaded;
  return signers
    .filter(({ name }) => !verdict.counted.includes(name) && !verdict.couldStillSign.includes(name))
    .map(({ name, keys }) => {
      if (!policy.policy.openerCounts && name === draft.openedBy)
        return { name, why: 'opened the draft; does not count (policy)' };
      const facts = keys.flatMap((key) => ring.facts.get(key) ?? []);
      const end = facts.map((fact) => endOfWholeKey(fact, judged.now)).find((found) => found !== null);
      return { name, why: end ? sayReason(end) : 'no certificate of their key is here' };
    });
}

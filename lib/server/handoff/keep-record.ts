// What the newest countersigned record of a release says, in rows: its number, the policy by which the release is judged from now on, and
// which signatures it names. Called only with records from a checked hand-back, in the change that places it.
import type { DraftId } from '#lib/core/ids.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

/** The draft is published already, in the same transaction at the latest. */
export async function keepRecord(tx: Transaction, draft: DraftId, record: ReleaseRecord): Promise<void> {
  const { serial: recordSerial, policy: recordPolicy, signatures } = record;
  await tx.draft.update({ where: { id: draft }, data: { recordSerial, recordPolicy } });
  const packetSha256 = { in: signatures.map((signature) => signature.sha256) };
  await tx.signature.updateMany({ where: { draftId: draft, packetSha256 }, data: { recordSerial } });
}

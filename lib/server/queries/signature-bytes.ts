// One signature packet as it was handed in, for whoever checks an entry of history: of a draft for its people, of a policy for whoever may
// read the policy. A packet is proof by itself; nothing else is served with it.
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, readSha256 } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { armorSignatures } from '#lib/pgp/merge-signatures.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts } from '#lib/server/judge/load-case.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Download } from './download.ts';
import { readablePolicy } from './policy-page.ts';

type PacketRow = { packet: Uint8Array; key: string; personName: string };

const asDownload = (name: string, { packet, key, personName }: PacketRow): Download => ({
  fileName: `${name}.${personName}.asc`,
  contentType: 'application/pgp-signature',
  bytes: new TextEncoder().encode(armorSignatures([{ bytes: packet, key: readFingerprint(key) }])),
});

/** A signature of a draft by its packet's SHA-256. Refuses `draft.not-found`, `signature.no-such-packet`. */
export async function draftSignature(actor: Actor, id: string, packetSha256: string): Promise<Download> {
  const { db } = runtime();
  const draft = draftFacts((await findDraft(db, actor, 'project.see-drafts', id)).row);
  const row = await db.signature.findUnique({
    where: { draftId_packetSha256: { draftId: draft.id, packetSha256: readSha256(packetSha256) } },
  });
  if (!row) throw refuse('signature.no-such-packet', {});
  return asDownload(row.fileName ?? `${draft.project}-${draft.version}.r${row.revision}.SHA256SUMS`, row);
}

/** A signature of a policy that this reader may read. Refuses `policy.not-found`, `signature.no-such-packet`. */
export async function policySignature(
  actor: Actor,
  project: string,
  version: number,
  packetSha256: string,
): Promise<Download> {
  const { id, project: name } = await readablePolicy(actor, project, version);
  const row = await runtime().db.policySignature.findUnique({ where: { packetSha256: readSha256(packetSha256) } });
  if (row?.policyId !== id) throw refuse('signature.no-such-packet', {});
  return asDownload(`${name}-policy-${version}.json`, row);
}

// A person says that a key of theirs is lost: from that moment no new signature by it enters at this index (judge/key-ring.ts puts it
// into the key's facts). Policies still name it: their owners are told, and propose the policy that retires it. Nothing takes it back.
import { refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change, requireHit } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { findOwnKey } from '#lib/server/judge/own-key.ts';
import { settleProjectsOfKey } from '#lib/server/judge/settle-draft.ts';
import { tellKeyEnded } from '#lib/server/judge/tell-key-ended.ts';

/** @throws `person.sign-in-first`, `session.not-fresh`, `key.not-found`, `key.not-active` (it was never proven), `key.already-lost` */
export async function markKeyLost(actor: Actor, input: { fingerprint: string }): Promise<{ fingerprint: Fingerprint }> {
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    const name = requireFresh(actor, now.getTime());
    const { fingerprint } = await findOwnKey(tx, name, input.fingerprint);
    await lockRow(tx, 'Key', fingerprint);
    const { row } = await findOwnKey(tx, name, fingerprint);
    if (row.state === 'unproven')
      throw refuse('key.not-active', {
        key: fingerprint,
        why: 'it was never proven, so nothing by it is accepted anyway.',
      });
    const written = await tx.key.updateMany({
      where: { fingerprint, personName: name, state: 'active' },
      data: { state: 'lost', lostAt: now },
    });
    requireHit(written, () => refuse('key.already-lost', { key: fingerprint }));
    const projects = await tellKeyEnded(work, name, fingerprint, 'lost');
    await work.record('key.lost', { person: name, details: { key: fingerprint } });
    for (const project of projects)
      await work.record('key.lost', { project, person: name, details: { key: fingerprint } });
    await settleProjectsOfKey(work, fingerprint);
    return { fingerprint };
  });
}

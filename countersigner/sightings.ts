// First sightings: for each signature the moment at which this program first saw it, and in which draft. That is `received` in every
// verdict and record; the web program's times are never asked. What was there at the last look and is gone, though what it was over is
// still there, was taken back and never enters again (docs/formats/statement.md), whatever the web program says later. A packet is
// known by the digest that lib/pgp gives it: a copy that was changed where the signature does not hold it has the same one.
import type { DraftId, Sha256 } from '#lib/core/ids.ts';
import type { SignatureFacts } from '#lib/core/verdict.ts';
import type { Custody, CustodyOf } from '#lib/evidence/custody.ts';
import type { DraftState, ProjectState } from './project-state.ts';

/** Writes sightings into `state` (the caller's own copy, kept only with the next commit). */
export function startSightings(
  state: ProjectState,
  draft: DraftId | null,
  now: number,
): { custodyOf: CustodyOf; present: DraftState['present'] } {
  const present: DraftState['present'] = [];
  const takenBack = new Set(state.takenBack);
  const custodyOf = (facts: SignatureFacts, over: Sha256): Custody => {
    // Nobody's signature, or one over other bytes: it cannot count, so it is not remembered either.
    if (facts.key === null || facts.defect) return { received: now, firstSeenHere: true, takenBack: false };
    const id = facts.packetSha256;
    const seen = (state.seen[id] ??= { at: now, draft });
    present.push({ id, over });
    return { received: seen.at, firstSeenHere: seen.draft === draft, takenBack: takenBack.has(id) };
  };
  return { custodyOf, present };
}

/** Keeps what is present now, and marks as taken back what has gone since the last look although its subject is still there. */
export function keepPresent(
  state: ProjectState,
  draft: DraftId,
  found: { present: DraftState['present']; subjects: ReadonlySet<Sha256>; now: number },
): DraftState {
  const before = state.drafts[draft] ?? { firstSeen: found.now, mark: '', met: null, present: [] };
  const here = new Set(found.present.map((entry) => entry.id));
  const gone = before.present.filter((entry) => !here.has(entry.id) && found.subjects.has(entry.over));
  state.takenBack = [...new Set([...state.takenBack, ...gone.map((entry) => entry.id)])];
  const kept = { ...before, present: [...found.present] };
  state.drafts[draft] = kept;
  return kept;
}

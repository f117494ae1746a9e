// One release by the pins of its index: decided, and what was seen of it kept.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Judging } from './by-pins.ts';
import { withIndex, withProject } from './next-pin.ts';
import type { Source } from './source.ts';
import { verifyRelease, type Verified, type Wanted } from './verify-release.ts';

/** Decides the release and keeps nothing yet. Refuses `index.malformed` besides: what cannot be read was served so, and is no mistake of whoever asks. */
export async function seeRelease(
  { source, heldFor }: Judging,
  wanted: Wanted,
  around: (source: Source) => Source = (source) => source,
): Promise<Verified> {
  try {
    return await verifyRelease(around(source), wanted, heldFor(wanted.project));
  } catch (fault) {
    if (!isRefusal(fault) || fault.kind !== 'invalid') throw fault;
    throw refuse('index.malformed', { from: source.from, why: fault.message }, fault);
  }
}

/** Keeps what was seen with these releases of one index, all at once. */
export function keepSeen({ source, heldFor, pin, commit }: Judging, all: readonly Verified[]): void {
  const [first] = all;
  if (!first) return;
  const { now } = heldFor(null);
  const seen = { address: source.from, met: first.met, log: first.log, now };
  const next = all.reduce(
    (known, { collected, decided }) => {
      const { project } = collected.record.record;
      return withProject(known, { project, list: collected.list, people: decided?.people ?? null });
    },
    withIndex(pin, seen),
  );
  commit(next);
}

// What a release is held to: the pins, what was given on the command line, who can be asked, how far the index is believed, what else is demanded.
import type { Ask, Question } from '#cli/trust/ask.ts';
import type { Demand, TrustMode } from '#cli/trust/demand.ts';
import type { Given } from '#cli/trust/given.ts';
import type { IndexPin } from '#cli/trust/pin.ts';
import { refuse, type Refusal } from '#lib/core/errors.ts';
import type { Sha256 } from '#lib/core/ids.ts';

export type Held = {
  pin: IndexPin | null;
  given: Given;
  ask: Ask | null;
  trust: TrustMode;
  demands: readonly Demand[];
  now: number;
  /** The newest TUF root of the index; null: the source brings none. */
  root: { version: number; sha256: Sha256 } | null;
};

/** A person says yes to what is shown; refuses `trust.not-accepted`, or with `unasked` where nobody is there. */
export async function requireYes(held: Pick<Held, 'ask'>, question: Question, unasked: () => Refusal): Promise<void> {
  if (!held.ask) throw unasked();
  if (!(await held.ask(question))) throw refuse('trust.not-accepted', {});
}

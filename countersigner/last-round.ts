// What the last round did or could not do, for the operator who asks (`status`). One small file beside the state; nothing is decided by it.
import { isRefusal } from '#lib/core/errors.ts';
import { renderInstant } from '#lib/core/ids.ts';
import type { RoundReport } from './round-parts.ts';
import { writeDurably, type Store } from './store.ts';

export type LastRound = { at: string } & (
  { went: 'well'; report: Omit<RoundReport, 'index'> } | { went: 'wrong'; code: string; says: string }
);

const place = 'last-round.json';

/** Works the round and remembers how it went; throws what it throws. */
export async function rememberRound(store: Store, now: number, work: () => Promise<RoundReport>): Promise<RoundReport> {
  const at = renderInstant(now);
  const keep = (round: LastRound): void => writeDurably(store.at(place), Buffer.from(`${JSON.stringify(round)}\n`));
  try {
    const report = await work();
    const { index: _, ...rest } = report;
    keep({ at, went: 'well', report: rest });
    return report;
  } catch (fault) {
    if (isRefusal(fault)) keep({ at, went: 'wrong', code: fault.code, says: fault.message });
    else keep({ at, went: 'wrong', code: 'internal', says: 'The countersigner failed; its log says why.' });
    throw fault;
  }
}

/** How it went; null: there was none yet. */
export function readLastRound(store: Pick<Store, 'read'>): LastRound | null {
  const bytes = store.read(place);
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as LastRound);
}

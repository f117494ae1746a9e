// How fresh the index is that is served: when the countersigner last said so (its TUF timestamp, renewed every 6 hours), and until when clients believe it
// (docs/formats/tuf.md). Late is what needs somebody before clients refuse everything. Only our own tree is read, which was checked when it was put in place.
import { after } from '#lib/server/clock.ts';
import { limits } from '#lib/server/limits.ts';
import { log } from '#lib/server/log.ts';
import { runtime } from '#lib/server/runtime.ts';
import { timestampLifeMs, timestampPath } from '#lib/evidence/tuf-tree.ts';
import { readServed } from './index-folder.ts';

export type Freshness = { signedAt: Date; endsAt: Date; state: 'fresh' | 'late' | 'ended' };

/** null: no timestamp was put in place yet. */
export async function freshness(): Promise<Freshness | null> {
  const bytes = await readServed(timestampPath);
  if (bytes === null) return null;
  const { signed } = JSON.parse(new TextDecoder().decode(bytes)) as { signed: { expires: string } };
  const endsAt = new Date(signed.expires);
  const signedAt = after(endsAt, -timestampLifeMs);
  const now = runtime().clock.now();
  const isLate = now.getTime() - signedAt.getTime() > limits.freshnessAlarmMs;
  return { signedAt, endsAt, state: now >= endsAt ? 'ended' : isLate ? 'late' : 'fresh' };
}

/** A step of jobs: says in one line that the timestamp is late or has ended, once for each, and in another that a new one came. */
export function freshnessWatch(): () => Promise<void> {
  let told = '';
  return async () => {
    const found = await freshness();
    const isGood = found === null || found.state === 'fresh';
    const news = isGood ? '' : `${found.state} ${found.signedAt.toISOString()}`;
    if (news === told) return;
    told = news;
    const { level, says } = isGood
      ? { level: 'info' as const, says: 'The countersigner is heard again: the index is fresh.' }
      : lineOf(found);
    log()[level]({ job: 'watch freshness' }, says);
  };
}

function lineOf({ state, signedAt, endsAt }: Freshness): { level: 'error' | 'warn'; says: string } {
  const last = `The countersigner last signed that the index is fresh at ${signedAt.toISOString()}`;
  return state === 'ended'
    ? { level: 'error', says: `${last}; since ${endsAt.toISOString()} clients refuse the whole index.` }
    : { level: 'warn', says: `${last}; from ${endsAt.toISOString()} on clients will refuse the whole index.` };
}

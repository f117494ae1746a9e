// Is this machine's clock right? Compared with the server's, which the web program puts into every answer. A signature made in the page
// carries the server's time; one made by gpg or sq carries this machine's, and is refused when that runs ahead.

/** From this on a clock is said to be off, in milliseconds. */
export const clockOffMin = 2 * 60_000;

export type ClockOff = { minutes: number; direction: 'ahead' | 'behind'; serverTime: number };

/** How far off the own clock is; null where it is near enough. */
export function clockOff(serverTime: number, ownTime: number): ClockOff | null {
  const off = ownTime - serverTime;
  if (Math.abs(off) <= clockOffMin) return null;
  return { minutes: Math.round(Math.abs(off) / 60_000), direction: off > 0 ? 'ahead' : 'behind', serverTime };
}

/** Asks for the server's time; null where the clock is near enough or nobody answered (signing itself then says so). */
export async function askClock(address: string): Promise<ClockOff | null> {
  try {
    const answer = await fetch(address, { method: 'HEAD', cache: 'no-store', redirect: 'error' });
    const serverTime = Date.parse(answer.headers.get('date') ?? '');
    return Number.isNaN(serverTime) ? null : clockOff(serverTime, Date.now());
  } catch {
    return null;
  }
}

// How fast something goes, and how long it will still take, over the last seconds: what people are shown while a file is sent. Pure; the caller has the clock.

const windowMs = 5_000;

export type Pace = {
  /** Notes how many bytes are through at this moment (milliseconds). */
  note(bytes: number, at: number): void;
  /** Forgets what was: after a pause nothing is known. */
  forget(): void;
  /** Bytes a second; null while too little is known. */
  perSecond(): number | null;
};

export function openPace(): Pace {
  let seen: { bytes: number; at: number }[] = [];
  return {
    note: (bytes, at) => {
      seen = [...seen.filter((one) => at - one.at <= windowMs), { bytes, at }];
    },
    forget: () => {
      seen = [];
    },
    perSecond: () => {
      const [first, last] = [seen.at(0), seen.at(-1)];
      if (!first || !last || last.at - first.at < 500) return null;
      return Math.max(0, ((last.bytes - first.bytes) / (last.at - first.at)) * 1000);
    },
  };
}

/** "about 3 minutes left"; empty where nothing can be said. */
export function sayRemaining(bytes: number, perSecond: number | null): string {
  if (perSecond === null || perSecond <= 0) return '';
  const seconds = Math.ceil(bytes / perSecond);
  if (seconds < 60) return `about ${Math.max(1, seconds)} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}

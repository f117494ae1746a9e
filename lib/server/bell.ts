// A wait that can be cut short, for loops that work when something happened and else now and then. Holds nothing and asks nobody.

export type Bell = {
  /** Ends the wait; one that comes before it is not lost. */
  ring(): void;
  /** Resolves after this time, at a ring, or when `gone` is aborted. */
  wait(milliseconds: number, gone?: AbortSignal): Promise<void>;
};

/** A bell that nobody has rung yet; for one who waits. */
export function makeBell(): Bell {
  let rung = false;
  let end: () => void = () => undefined;
  return {
    ring: () => {
      rung = true;
      end();
    },
    wait: (milliseconds, gone) =>
      new Promise((over) => {
        const timer = setTimeout(() => end(), rung ? 0 : milliseconds);
        end = () => {
          clearTimeout(timer);
          gone?.removeEventListener('abort', end);
          rung = false;
          over();
        };
        gone?.addEventListener('abort', end);
        if (gone?.aborted) end();
      }),
  };
}

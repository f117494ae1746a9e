// The clock of the server programs. Everything that needs "now" takes it from the runtime, so that tests use fixed
// instants and nothing else in lib/server calls Date.now(). It trusts the machine; the countersigner has its own clock.

export type Clock = { now(): Date };

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** `from` plus so many milliseconds (may be negative). */
export const after = (from: Date, milliseconds: number): Date => new Date(from.getTime() + milliseconds);

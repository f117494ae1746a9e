// How often a loop of fuzz, races or kills runs: a short form in every run, the full one in `npm run test:long`. The same test either way.

const isLong = process.env['TEST_LONG'] === '1';

/** `short` rounds, or `long` ones in the long run. */
export const rounds = (short: number, long: number): number => (isLong ? long : short);

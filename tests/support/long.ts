// How often a loop of fuzz, races or kills runs: a short form in every run, the full one in `npm run test:long`. The same test either way.

const isLong = process.env['TEST_LONG'] === '1';

/** How many mutations: as `rounds`, or as many as MUTATIONS says. */
export const mutations = (short: number, long: number): number =>
  Number(process.env['MUTATIONS'] ?? 0) || rounds(short, long);

/** `short` rounds, or `long` ones in the long run. */
export const rounds = (short: number, long: number): number => (isLong ? long : short);

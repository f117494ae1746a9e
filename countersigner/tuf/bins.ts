// The bins of the targets (PEP 458's hashed bins): which bin holds a path, and how a bin that grew too large is divided. There is none at first,
// and never more than 1,024: tuf-js copies the whole list for every entry, so a snapshot with more would cost a client seconds
// (docs/decisions/041). A bin keeps its name for ever, because no role may vanish from a snapshot (TUF specification, 5.5.5).
import { createHash } from 'node:crypto';
import type { Bin, TargetFacts } from './state.ts';

export const places = 4096;
export const binsMax = 1024;
const narrowest = places / binsMax;
/** A bin with more is divided, as long as there may be more bins. */
export const targetsMax = 256;

/** The first three hex digits of the SHA-256 of a path. */
export const placeOf = (path: string): number =>
  parseInt(createHash('sha256').update(path).digest('hex').slice(0, 3), 16);

export const nameOf = (from: number): string => `bin-${from.toString(16).padStart(3, '0')}`;

/** The only bin of a new index. */
export const wholeBin = (): Bin => ({
  ...{ name: nameOf(0), from: 0, to: places, count: 0, key: '' },
  ...{ version: 0, expires: 0 },
});

/** The bin that holds a path. */
export function binOf(bins: readonly Bin[], path: string): Bin {
  const place = placeOf(path);
  const found = bins.find(({ from, to }) => from <= place && place < to);
  if (!found) throw new Error(`No bin holds ${path}.`);
  return found;
}

/** The shortest hex prefixes that cover a bin: its span is a power of two and begins at a multiple of itself. */
export function prefixesOf({ from, to }: Pick<Bin, 'from' | 'to'>): string[] {
  const span = to - from;
  const step = span >= 256 ? 256 : span >= 16 ? 16 : 1;
  const digits = step === 256 ? 1 : step === 16 ? 2 : 3;
  return Array.from({ length: span / step }, (_, at) => ((from + at * step) / step).toString(16).padStart(digits, '0'));
}

export type FilledBin = { bin: Bin; entries: Map<string, TargetFacts> };

/** One bin or, where it holds too much, the bins that it is divided into; the first keeps its name. `room`: how many more there may be. */
export function divide({ bin, entries }: FilledBin, room: number): FilledBin[] {
  const { from, to } = bin;
  if (entries.size <= targetsMax || to - from <= narrowest || room < 1)
    return [{ bin: { ...bin, count: entries.size }, entries }];
  const middle = (from + to) / 2;
  const side = (isUpper: boolean) => new Map([...entries].filter(([path]) => placeOf(path) >= middle === isUpper));
  const lower = divide({ bin: { ...bin, to: middle }, entries: side(false) }, room - 1);
  const fresh: Bin = { ...wholeBin(), name: nameOf(middle), from: middle, to };
  return [...lower, ...divide({ bin: fresh, entries: side(true) }, room - lower.length)];
}

/** How many more bins there may be. */
export const roomFor = (bins: readonly Bin[]): number => binsMax - bins.length;

// What the user demands of releases beyond the rules of their projects: a file of their own, which no index can change. It is read strictly: a line that
// is not understood is refused, because a demand that is silently left out is trust nobody meant to give.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readText } from '#lib/core/document.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import {
  readAccountName,
  readFingerprint,
  type AccountName,
  type Fingerprint,
  type ProjectName,
} from '#lib/core/ids.ts';
import type { Home } from './home.ts';

export type Demand = {
  /** People for each file; null: what the policy says. */
  threshold: number | null;
  /** Each of them must have signed each file. */
  people: readonly AccountName[];
  /** So many of these people, one a line, must have signed each file with a key of their line; null: no such demand. */
  keys: { needed: number; people: readonly (readonly Fingerprint[])[] } | null;
};

/** How far an index is believed: `index`: its countersignature is enough; `threshold`: the people of the policy too; or each of these people. */
export type TrustMode = 'index' | 'threshold';

const first = '# countersign demand 1';
const linesMost = 1000;

/** The demand of a file. Refuses `demand.malformed`. */
export function readDemand(foreignBytes: Uint8Array, place: string): Demand {
  const malformed = (why: string) => refuse('demand.malformed', { place, why });
  const lines = textOf(foreignBytes, place).split(/\r?\n/);
  if (lines.shift() !== first) throw malformed(`its first line is not “${first}”`);
  if (lines.length > linesMost) throw malformed('it has too many lines');
  let demand: Demand = { threshold: null, people: [], keys: null };
  for (const line of lines.map((text) => text.replace(/#.*$/, '').trim()).filter((text) => text !== ''))
    demand = withLine(demand, line, malformed);
  requireSense(demand, malformed);
  return demand;
}

function requireSense({ threshold, people, keys }: Demand, malformed: Malformed): void {
  if (threshold === null && people.length === 0 && keys === null) throw malformed('it demands nothing');
  if (keys === null) return;
  if (keys.people.length < keys.needed) throw malformed('it needs more keys than it names');
  const named = keys.people.flat();
  if (new Set(named).size !== named.length) throw malformed('a key stands in it twice');
}

function textOf(foreignBytes: Uint8Array, place: string): string {
  try {
    return readText(foreignBytes, 'a text');
  } catch (cause) {
    throw refuse('demand.malformed', { place, why: 'it is not a text' }, cause);
  }
}

type Malformed = (why: string) => Error;

/** Each word once; a line without a word is the keys of one more person. */
const words: Record<string, (demand: Demand, value: string) => Demand | null> = {
  threshold: (demand, value) => (demand.threshold === null ? { ...demand, threshold: readCount(value) } : null),
  people: (demand, value) =>
    demand.people.length === 0
      ? { ...demand, people: value.split(',').map((name) => readAccountName(name.trim())) }
      : null,
  keys: (demand, value) =>
    demand.keys === null ? { ...demand, keys: { needed: readCount(value), people: [] } } : null,
};

function withKeys(demand: Demand, line: string): Demand | null {
  const keys = line.split(/\s+/).map((key) => readFingerprint(key.toUpperCase()));
  return demand.keys && { ...demand, keys: { ...demand.keys, people: [...demand.keys.people, keys] } };
}

function withLine(demand: Demand, line: string, malformed: Malformed): Demand {
  const [, word, value = ''] = /^([a-z]+):\s*(.*)$/.exec(line) ?? [];
  const say = `“${line.slice(0, 60)}” is not understood`;
  try {
    const next = word === undefined ? withKeys(demand, line) : words[word]?.(demand, value);
    if (next) return next;
  } catch (fault) {
    throw isRefusal(fault) ? malformed(`${say} (${fault.message})`) : fault;
  }
  throw malformed(say);
}

function readCount(text: string): number {
  if (/^[1-9][0-9]{0,2}$/.test(text)) return Number(text);
  throw refuse('input.not-a', { what: 'a number of people', claimed: text.slice(0, 40) });
}

/** What the user demands of every project (`demands.txt`) and of this one (`demands/NAME.txt`). Refuses `demand.malformed`. */
export function standingDemands(home: Home, project: ProjectName): Demand[] {
  return ['demands.txt', path.join('demands', `${project}.txt`)].flatMap((name) => {
    const place = path.join(home.config, name);
    const bytes = readIfThere(place);
    return bytes ? [readDemand(bytes, place)] : [];
  });
}

function readIfThere(place: string): Uint8Array | null {
  try {
    return new Uint8Array(readFileSync(place));
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw refuse('demand.malformed', { place, why: 'it cannot be read' }, fault);
  }
}

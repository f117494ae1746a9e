// One dependency as PEP 508 writes it: `name[extra] >=1.0; marker`, or `name @ URL`. Hostile text. Markers are kept as text: whoever installs evaluates
// them, not we.
import { isSpecifierList } from './versions.ts';
import { normaliseProjectName } from './names.ts';

export type Requirement = {
  /** In the normal form. */
  readonly name: string;
  readonly extras: readonly string[];
  readonly specifier: string;
  /** Where it comes from, when it says so. */
  readonly url: string | null;
  readonly marker: string | null;
};

const lengthMost = 1000;
const name = /[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?/.source;
const extra = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const whole = new RegExp(String.raw`^(${name})\s*(?:\[([^\]]*)\])?\s*(.*)$`, 's');

/** Reads it; null where it is none. Never throws. */
export function readRequirement(text: string): Requirement | null {
  const flat = text.replace(/\s+/g, ' ').trim();
  const [, found, extras = '', rest = ''] = flat.length > lengthMost ? [] : (whole.exec(flat) ?? []);
  if (found === undefined) return null;
  const given = extras
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const demand = readDemand(rest);
  if (demand === null || !given.every((one) => extra.test(one))) return null;
  return { name: normaliseProjectName(found), extras: given, ...demand };
}

type Demand = Pick<Requirement, 'specifier' | 'url' | 'marker'>;

function readDemand(rest: string): Demand | null {
  // Before a marker an address ends in a space: its own semicolons do not end it.
  const [demand, marker] = splitMarker(rest, rest.startsWith('@') ? ' ;' : ';');
  if (marker === '') return null;
  if (rest.startsWith('@')) return { specifier: '', url: demand.slice(1).trim(), marker };
  const specifier = demand.replace(/^\((.*)\)$/, '$1').trim();
  return isSpecifierList(specifier) ? { specifier, url: null, marker } : null;
}

function splitMarker(rest: string, at: string): [string, string | null] {
  const semicolon = rest.indexOf(at);
  if (semicolon === -1) return [rest.trim(), null];
  return [rest.slice(0, semicolon).trim(), rest.slice(semicolon + at.length).trim()];
}

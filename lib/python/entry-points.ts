// entry_points.txt (PyPA “Entry points specification”): which commands a release puts on the path and what it registers with others. Hostile text.

export type EntryPoint = { readonly group: string; readonly name: string; readonly target: string };
/** `odd`: lines that are no entry points, as they stand there. */
export type EntryPoints = { readonly entries: readonly EntryPoint[]; readonly odd: readonly string[] };

const linesMost = 5_000;
const oddMost = 20;
const object = /^[\p{L}\p{N}_.]+(?::[\p{L}\p{N}_.]+)?\s*(?:\[[^\]]*\])?$/u;

type Lines = { group: string | null; entries: Map<string, EntryPoint>; odd: string[] };

/** Never throws; of a name that is given twice in a group the second is odd, as configparser stops there. */
export function readEntryPoints(bytes: Uint8Array | null): EntryPoints {
  const found: Lines = { group: null, entries: new Map(), odd: [] };
  for (const raw of new TextDecoder().decode(bytes ?? new Uint8Array()).split(/\r?\n/, linesMost)) {
    const line = raw.trim();
    if (line !== '' && !/^[#;]/.test(line)) addLine(found, line);
  }
  return { entries: [...found.entries.values()], odd: found.odd.slice(0, oddMost) };
}

function addLine(found: Lines, line: string): void {
  const section = /^\[(.+)\]$/.exec(line)?.[1]?.trim();
  if (section !== undefined) {
    found.group = section;
    return;
  }
  const entry = found.group === null ? null : readEntry(found.group, line);
  const key = `${found.group}\0${entry?.name}`;
  if (entry === null || found.entries.has(key)) found.odd.push(line);
  else found.entries.set(key, entry);
}

function readEntry(group: string, line: string): EntryPoint | null {
  const equals = line.indexOf('=');
  const [name, target] = [line.slice(0, Math.max(0, equals)).trim(), line.slice(equals + 1).trim()];
  return name !== '' && object.test(target) ? { group, name, target } : null;
}

/** The commands that installers make of them. */
export const commandsOf = ({ entries }: EntryPoints): string[] =>
  entries.filter(({ group }) => group === 'console_scripts' || group === 'gui_scripts').map(({ name }) => name);

// entry_points.txt (PyPA “Entry points specification”): which names a release puts on the path of programs and which it registers with others. Hostile
// text: what is no line of the format is left out, since no installer reads it either.

export type EntryPoint = { readonly group: string; readonly name: string; readonly target: string };

const entriesMost = 2_000;

/** The entry points in their order; of a name that is given twice in a group the last one, as configparser has it. Never throws. */
export function readEntryPoints(bytes: Uint8Array | null): EntryPoint[] {
  const found = new Map<string, EntryPoint>();
  let group: string | null = null;
  for (const raw of new TextDecoder().decode(bytes ?? new Uint8Array()).split(/\r\n|\r|\n/)) {
    const line = raw.trim();
    const section = /^\[(.+)\]$/.exec(line)?.[1]?.trim();
    const entry = section === undefined && group !== null ? readEntry(group, line) : null;
    if (entry !== null && found.size < entriesMost) found.set(`${entry.group}\0${entry.name}`, entry);
    group = section ?? group;
  }
  return [...found.values()];
}

function readEntry(group: string, line: string): EntryPoint | null {
  const equals = line.indexOf('=');
  if (equals < 1 || /^[#;]/.test(line)) return null;
  return { group, name: line.slice(0, equals).trim(), target: line.slice(equals + 1).trim() };
}

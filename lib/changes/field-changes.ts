// What two sets of metadata say differently, field by field, and which dependencies came, went or changed. Metadata is hostile text: every
// value that leaves here is made visible and short.
import { visibleText } from '#lib/core/visible-text.ts';
import type { EntryPoint } from '#lib/python/entry-points.ts';
import type { CoreMetadata } from '#lib/python/metadata.ts';

/** A field or dependency: `was` null: it is new; `is` null: it is gone. */
export type FieldChange = { readonly what: string; readonly was: string | null; readonly is: string | null };

export type FieldChanges = {
  readonly dependencies: readonly FieldChange[];
  readonly entryPoints: readonly FieldChange[];
  readonly topLevel: readonly FieldChange[];
  readonly fields: readonly FieldChange[];
};

/** What the comparison of fields needs of one distribution. */
export type Described = {
  readonly metadata: CoreMetadata;
  readonly entryPoints: readonly EntryPoint[];
  readonly topLevel: readonly string[];
};

const changesMost = 200;
const shown = (value: string): string => visibleText(value, 200);

/** Differences in this order: dependencies, entry points, names at the top, all other fields. `before` null: all of it is new. */
export function compareFields(before: Described | null, after: Described): FieldChanges {
  return {
    dependencies: differences(dependenciesOf(before?.metadata), dependenciesOf(after.metadata)),
    entryPoints: differences(entriesOf(before?.entryPoints), entriesOf(after.entryPoints)),
    topLevel: differences(namesOf(before?.topLevel), namesOf(after.topLevel)),
    fields: before === null ? [] : differences(fieldsOf(before.metadata), fieldsOf(after.metadata)),
  };
}

/** By name, in the order of the names. */
function differences(was: ReadonlyMap<string, string>, is: ReadonlyMap<string, string>): FieldChange[] {
  const names = [...new Set([...is.keys(), ...was.keys()])].sort();
  const changed = names.filter((name) => was.get(name) !== is.get(name));
  return changed.slice(0, changesMost).map((name) => ({
    what: shown(name),
    ...{ was: valueOf(was, name), is: valueOf(is, name) },
  }));
}

const valueOf = (values: ReadonlyMap<string, string>, name: string): string | null => {
  const value = values.get(name);
  return value === undefined ? null : shown(value);
};

/** `requests` → `>=2.31; python_version < "3.13"`: all that is demanded of one project (PEP 508), extras and markers included. */
function dependenciesOf(metadata: CoreMetadata | undefined): Map<string, string> {
  const demands = new Map<string, string>();
  for (const given of metadata?.requiresDist ?? []) {
    const text = given.replace(/\s+/g, ' ').trim();
    const [, name = text, demand = ''] = /^([A-Za-z0-9][A-Za-z0-9._-]*)(.*)$/s.exec(text) ?? [];
    const project = name.replace(/[-_.]+/g, '-').toLowerCase();
    const before = demands.get(project);
    const [all] = [demand.trim() === '' ? 'any version' : demand.trim()];
    demands.set(project, before === undefined ? all : [...before.split(' and '), all].sort().join(' and '));
  }
  return demands;
}

const entriesOf = (entries: readonly EntryPoint[] = []): Map<string, string> =>
  new Map(entries.map(({ group, name, target }) => [`${group}: ${name}`, target]));

const namesOf = (names: readonly string[] = []): Map<string, string> => new Map(names.map((name) => [name, '']));

// Named above, or different in every release, or told by what it is made of.
const elsewhere = new Set(['name', 'version', 'requires-dist', 'metadata-version', 'description']);

/** `requires-python` → its value; several values of one field in one line. */
function fieldsOf({ headers }: CoreMetadata): Map<string, string> {
  const fields = [...headers].filter(([name]) => !elsewhere.has(name));
  return new Map(fields.map(([name, values]) => [name, [...values].sort().join(', ')]));
}

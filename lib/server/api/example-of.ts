// An answer as it could be, made from the examples of its fields: of a list one item, of alternatives the first that is something. A field that has no
// example and no sort that speaks for itself is a mistake of the table, and the program does not start with it. Pure.
import { nameIn, type Schema } from './schema-of.ts';

const bySort: Readonly<Record<string, unknown>> = {
  ...{ 'date-time': '2026-11-22T09:05:00.000Z', uri: 'https://sign.example.org/drafts/6f2c9d1e4b7a' },
  ...{ integer: 1, number: 1, boolean: true, null: null },
};

/** `named`: the shapes that are referred to. `where`: named in the mistake. */
export function exampleOf(schema: Schema, named: Readonly<Record<string, Schema>>, where: string): unknown {
  const [given] = [...(schema.examples ?? []), ...('const' in schema ? [schema.const] : []), ...(schema.enum ?? [])];
  if (given !== undefined) return given;
  const inner = innerOf(schema, named);
  if (inner !== null) return exampleOf(inner, named, where);
  if (schema.properties !== undefined) return exampleOfFields(schema.properties, named, where);
  if (schema.items !== undefined) return [exampleOf(schema.items, named, `${where}[]`)];
  const sort = schema.format ?? String(schema.type);
  if (!Object.hasOwn(bySort, sort)) throw new Error(`${where} has no example.`);
  return bySort[sort];
}

function innerOf({ $ref, anyOf }: Schema, named: Readonly<Record<string, Schema>>): Schema | null {
  if ($ref !== undefined) return named[nameIn($ref)] ?? null;
  return anyOf?.find(({ type }) => type !== 'null') ?? null;
}

const exampleOfFields = (fields: Record<string, Schema>, named: Readonly<Record<string, Schema>>, where: string) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, exampleOf(field, named, `${where}.${name}`)]),
  );

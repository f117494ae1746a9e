// The shapes of the table as JSON Schema, for the OpenAPI document: a shape with a name (`meta({ id })`) stands once among the components and is referred to;
// answers may get further fields later, so what is described of them closes nothing. Pure.
import { z } from 'zod';

export type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
};

/** Where the components are, by the name of a shape. */
const place = '#/components/schemas/';
export const nameIn = (reference: string): string => reference.slice(place.length);

/** The schema of a shape. `named`: takes up the named shapes in it. */
export function schemaOf(shape: z.ZodType, io: 'input' | 'output', named: Record<string, Schema>): Schema {
  const { $schema: _, $defs = {}, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' });
  for (const [name, one] of Object.entries($defs)) named[name] = tidy(one as Schema, io);
  return tidy(schema as Schema, io);
}

/** References lead to the components; the bounds of whole numbers that JavaScript has say nothing. */
function tidy(schema: Schema, io: 'input' | 'output'): Schema {
  const kept = Object.entries(schema as Record<string, unknown>).filter(
    ([key, value]) => !isNoise(key, value) && !(key === 'additionalProperties' && io === 'output' && value === false),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, tidyValue(key, value, io)])) as Schema;
}

function tidyValue(key: string, value: unknown, io: 'input' | 'output'): unknown {
  if (key === '$ref') return String(value).replace('#/$defs/', place);
  if (key === 'properties') {
    const inner = Object.entries(value as Record<string, Schema>);
    return Object.fromEntries(inner.map(([name, one]) => [name, tidy(one, io)]));
  }
  if (key === 'anyOf') return (value as Schema[]).map((one) => tidy(one, io));
  const isSchema = (key === 'items' || key === 'additionalProperties') && typeof value === 'object';
  return isSchema ? tidy(value as Schema, io) : value;
}

const isNoise = (key: string, value: unknown): boolean =>
  (key === 'minimum' || key === 'maximum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;

// The fields of what is sent or answered, with what they are; a shape with a name of its own is led to.

import { WordsWithCode } from './words-with-code.tsx';

export type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
};

/** Of a list in it, those of its items. */
export function Fields({ schema }: { schema: Schema }) {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return schema.$ref === undefined ? null : <Sort of={schema} />;
  return (
    <ul>
      {fields.map(([name, field]) => (
        <li key={name}>
          <code>{name}</code>: <Sort of={field} />
          {field.description === undefined ? null : <WordsWithCode text={`. ${field.description}`} />}
          <Fields schema={innerOf(field)} />
        </li>
      ))}
    </ul>
  );
}

const innerOf = (field: Schema): Schema => {
  const object = field.anyOf?.find((one) => one.properties !== undefined || one.items !== undefined) ?? field;
  return object.items?.properties ? object.items : object.properties ? object : {};
};

/** What a field is; `Draft` is a link. */
function Sort({ of: schema }: { of: Schema }) {
  const name = namedIn(schema);
  if (name === null) return sayType(schema);
  const [before, after = ''] = sayType(schema).split(name);
  return (
    <>
      {before}
      <a href={`/docs/api/shapes#${name}`}>{name}</a>
      {after}
    </>
  );
}

const nameOf = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);

const namedIn = ({ $ref, items, anyOf }: Schema): string | null => {
  if ($ref !== undefined) return nameOf($ref);
  const inner = [...(items ? [items] : []), ...(anyOf ?? [])];
  return inner.map(namedIn).find((name) => name !== null) ?? null;
};

function sayType({ $ref, type, format, items, anyOf, enum: values }: Schema): string {
  if ($ref !== undefined) return nameOf($ref);
  if (values !== undefined) return values.map((value) => `“${String(value)}”`).join(', ');
  if (anyOf !== undefined) return [...new Set(anyOf.map(sayType))].join(' or ');
  if (type === 'array') return `list of ${items === undefined ? 'anything' : sayType(items)}`;
  return format ?? (Array.isArray(type) ? type.join(' or ') : (type ?? 'anything'));
}

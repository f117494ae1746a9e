// One address for programs, as the OpenAPI document describes it: what it does, which tokens it opens to, what it takes and answers, and a command that
// asks it.

import { Command } from '#components/ui/command.tsx';

type Schema = {
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
};
export type ShownAddress = {
  operationId: string;
  method: string;
  path: string;
  summary: string;
  scopes: readonly string[];
  parameters: { name: string; in: string; required: boolean; description?: string }[];
  body: { media: string; schema: object; example?: unknown } | null;
  answers: { status: string; media: string; schema: object | null }[];
};

export function ApiAddress({ address, publicUrl }: { address: ShownAddress; publicUrl: string }) {
  const { operationId, method, path, summary, scopes, parameters, body, answers } = address;
  return (
    <article className="api-address" id={operationId} aria-labelledby={`${operationId}-name`}>
      <h3 id={`${operationId}-name`}>
        <code>
          {method} {path}
        </code>
      </h3>
      <p>{summary}</p>
      <dl className="api-facts">
        <dt>Token</dt>
        <dd>{scopes.length === 0 ? 'every one' : scopes.join(' or ')}</dd>
        {parameters
          .filter((one) => one.in !== 'path')
          .map((one) => (
            <Fact key={one.name} name={one.name} says={one.description ?? ''} place={one.in} />
          ))}
        {body === null ? null : (
          <>
            <dt>Body</dt>
            <dd>
              {body.media} <Fields schema={body.schema as Schema} />
            </dd>
          </>
        )}
        {answers.map(({ status, media, schema }) => (
          <Answer key={status} {...{ status, media }} schema={schema as Schema | null} />
        ))}
      </dl>
      <Command command={commandOf(address, publicUrl)} />
    </article>
  );
}

function Fact({ name, says, place }: { name: string; says: string; place: string }) {
  return (
    <>
      <dt>
        <code>{name}</code>
      </dt>
      <dd>
        {place === 'query' ? 'In the address. ' : 'A header. '}
        {says}
      </dd>
    </>
  );
}

function Answer({ status, media, schema }: { status: string; media: string; schema: Schema | null }) {
  return (
    <>
      <dt>{status}</dt>
      <dd>
        {media} {schema === null ? null : <Fields schema={schema} />}
      </dd>
    </>
  );
}

/** The fields of an object, with what they are; of a list in it, those of its items. */
function Fields({ schema }: { schema: Schema }) {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return null;
  return (
    <ul>
      {fields.map(([name, field]) => (
        <li key={name}>
          <code>{name}</code>: {sayType(field)}
          {field.description === undefined ? null : `. ${field.description}`}
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

function sayType({ type, format, items, anyOf, enum: values }: Schema): string {
  if (values !== undefined) return values.map((value) => `“${String(value)}”`).join(', ');
  if (anyOf !== undefined) return [...new Set(anyOf.map(sayType))].join(' or ');
  if (type === 'array') return `list of ${items === undefined ? 'anything' : sayType(items)}`;
  return format ?? (Array.isArray(type) ? type.join(' or ') : (type ?? 'anything'));
}

/** As `curl` asks it; names in braces are the reader's own. */
function commandOf({ method, path, body }: ShownAddress, publicUrl: string): string {
  const parts = ['curl -H "Authorization: Bearer $COUNTERSIGN_TOKEN"'];
  if (method !== 'GET' && !(method === 'POST' && body !== null)) parts.push(`-X ${method}`);
  if (body?.example !== undefined)
    parts.push(`-H 'Content-Type: application/json' -d '${JSON.stringify(body.example)}'`);
  else if (body?.media === 'multipart/form-data') parts.push('-F "sha256=$(sha256sum FILE)" -F file=@FILE');
  else if (body !== null) parts.push('--data-binary @FILE');
  return `${parts.join(' ')} '${publicUrl}${path}'`;
}

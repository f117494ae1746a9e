// The description of the addresses for programs, read as others read it: by a validator of OpenAPI and a reader of JSON Schema that are not ours. That real answers
// have the described shapes is asked in api-reads.test.ts.
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Door } from '#lib/server/api/door.ts';
import { doors } from '#lib/server/api/doors.ts';
import { exampleOf } from '#lib/server/api/example-of.ts';
import { openApiDocument, type Operation, type Response } from '#lib/server/api/openapi.ts';
import type { Schema } from '#lib/server/api/schema-of.ts';

const described = openApiDocument(doors, { publicUrl: 'https://sign.example.org' });
const operationOf = ({ method, path }: Door): Operation => {
  const operation = described.paths[`/api/v1/${path}`]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`${method} ${path} is not described.`);
  return operation;
};
const named = doors.map((door) => ({ door, name: `${door.method} ${door.path}` }));

const foreign = new Ajv2020({ strict: false, validateFormats: false });
foreign.addSchema({ $id: 'https://sign.example.org/openapi.json', ...described });
const faultsOf = (pointer: string[], value: unknown): unknown => {
  const reference = pointer
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const isValid = foreign.validate({ $ref: `https://sign.example.org/openapi.json#/${reference}` }, value);
  return isValid ? [] : foreign.errors;
};

it('is OpenAPI 3.1 to a validator that is not ours', async () => {
  const read = await new Validator().validate(structuredClone(described) as unknown as Record<string, unknown>);
  expect([read.valid, read.errors]).toEqual([true, undefined]);
});

describe.each(named)('$name', ({ door }) => {
  const operation = operationOf(door);
  const place = ['paths', `/api/v1/${door.path}`, door.method.toLowerCase()];

  it('has an example of every answer in JSON, which fits what is described and what the program promises itself', () => {
    for (const [status, shape] of Object.entries(door.answers)) {
      const { content, description } = operation.responses[status] as Response;
      expect(description).not.toBe('');
      if ('media' in shape) continue;
      const example = content?.['application/json']?.example;
      expect(faultsOf([...place, 'responses', status, 'content', 'application/json', 'schema'], example)).toEqual([]);
      expect((shape as z.ZodType).safeParse(example).error?.issues ?? []).toEqual([]);
    }
  });

  it('has an example of what is sent, which the address takes', () => {
    if (door.body === undefined || door.body.isStream) return;
    for (const [media, shape] of Object.entries(door.body.media)) {
      const { example } = operation.requestBody?.content[media] ?? {};
      expect([media, example]).not.toEqual([media, undefined]);
      expect(faultsOf([...place, 'requestBody', 'content', media, 'schema'], example)).toEqual([]);
      expect(shape?.safeParse(example).error?.issues ?? []).toEqual([]);
    }
  });

  it('says of an Idempotency-Key, of pieces and of conditions what holds, and nothing where they do not', () => {
    const taken = operation.parameters.map(({ name }) => name);
    const given = Object.values(operation.responses).flatMap((one) =>
      Object.keys('headers' in one ? (one.headers ?? {}) : {}),
    );
    const isPost = door.method === 'POST' && door.isRepeatable !== true;
    expect([taken.includes('Idempotency-Key'), given.includes('Idempotency-Replayed')]).toEqual([isPost, isPost]);
    expect(given.includes('Link')).toBe(taken.includes('cursor'));
    expect(taken.includes('If-Match')).toBe(door.takesIfMatch === true);
    expect(taken.includes('If-None-Match')).toBe(door.method === 'GET');
  });
});

it('names the shapes that several answers share, once', () => {
  expect(Object.keys(described.components.schemas)).toEqual(expect.arrayContaining(['Draft', 'Outcome', 'Problem']));
  expect(JSON.stringify(described).split('"couldStillSign":{').length).toBeLessThan(8);
});

it('a field without an example is a mistake of the table, told before the program starts', () => {
  const schema: Schema = { type: 'object', properties: { name: { type: 'string' } } };
  expect(() => exampleOf(schema, {}, 'get-token 200')).toThrow('get-token 200.name has no example.');
});

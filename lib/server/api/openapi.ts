// The description of the addresses for programs as an OpenAPI 3.1 document, made from the same rows and shapes that answer them. Pure: the same rows
// make the same document. The pages below /docs/api and the test of every row read this, so a row that is missing here does not exist.
import { z } from 'zod';
import { httpStatus } from '#lib/core/errors.ts';
import type { Body } from './body.ts';
import { isPaged, isReading, namesIn, takesKey, type Answers, type Door, type HeaderNotes } from './door.ts';
import { exampleOf } from './example-of.ts';
import { schemaOf, type Schema } from './schema-of.ts';
import { pathNames } from './shapes.ts';

type Content = Record<string, { schema?: Schema; example?: unknown }>;
type Header = { description: string; schema: Schema };
type Reference = { $ref: string };
export type Response = { description: string; headers?: Record<string, Header | Reference>; content?: Content };
export type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  'x-scopes': string[];
  security: Record<string, string[]>[];
  parameters: {
    name: string;
    in: 'path' | 'query' | 'header';
    required: boolean;
    description?: string;
    schema: Schema;
  }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, Response | Reference>;
};
export type OpenApi = {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> } & Record<string, object>;
};

const problem = z.object({
  type: z.string().meta({
    ...{ format: 'uri-reference', description: 'Where the code is told: from the root of this instance.' },
    examples: ['/docs/problems/draft#draft.moved-on'],
  }),
  title: z
    .string()
    .meta({ description: 'The kind of refusal, from which the status follows.', examples: ['conflict'] }),
  status: z.int().meta({ examples: [409] }),
  detail: z.string().meta({
    ...{ description: 'A sentence for people.', examples: ['The draft has revision 4 by now. Look at it again.'] },
  }),
  code: z.string().meta({ description: 'What it is, for programs; never renamed.', examples: ['draft.moved-on'] }),
  details: z.looseObject({}).meta({ description: 'What the sentence names.', examples: [{ revision: 4 }] }),
});

/** `publicUrl`: where people reach the instance. */
export function openApiDocument(doors: readonly Door[], { publicUrl }: { publicUrl: string }): OpenApi {
  const schemas: Record<string, Schema> = {};
  const paths: OpenApi['paths'] = {};
  for (const door of doors) {
    const path = (paths[`/api/v1/${door.path}`] ??= {});
    path[door.method.toLowerCase()] = operationOf(door, schemas);
  }
  schemas['Problem'] = schemaOf(problem, 'output', schemas);
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: 'Countersign', version: '1' },
      description: 'Addresses for programs. Nothing here signs: whoever hands a signature in has made it elsewhere.',
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(doors.map(({ about }) => about))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of a person (csp_…) or of a project (cst_…).' },
      },
      headers: Object.fromEntries(
        Object.entries(givenAnywhere).map(([name, description]) => [name, headerOf(description)]),
      ),
      responses: { Refused: refused(schemas), Unchanged: { description: 'As `If-None-Match` says: unchanged.' } },
      schemas,
    },
  };
}

/** `POST drafts/{draft}/files` → `post-drafts-draft-files`: how the reference links to it. */
const operationId = ({ method, path }: Pick<Door, 'method' | 'path'>): string =>
  `${method}-${path}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '');

function operationOf(door: Door, named: Record<string, Schema>): Operation {
  const { about, says, scopes, body, answers } = door;
  return {
    ...{ operationId: operationId(door), tags: [about], summary: says },
    ...{ 'x-scopes': [...scopes], security: [{ token: [] }] },
    parameters: parametersOf(door, named),
    ...(body && { requestBody: { required: true, content: contentOf(body, named) } }),
    responses: {
      ...responsesOf(door, answers, named),
      ...(isReading(door) && { 304: { $ref: '#/components/responses/Unchanged' } }),
      default: { $ref: '#/components/responses/Refused' },
    },
  };
}

const headerParameters = (notes: HeaderNotes, required: boolean) =>
  Object.entries(notes).map(([name, description]) => ({
    ...{ name, in: 'header' as const, required, description, schema: { type: 'string' } },
  }));

function parametersOf(door: Door, named: Record<string, Schema>): Operation['parameters'] {
  const { path, query, takesIfMatch = false, takes = {} } = door;
  const asked: HeaderNotes = {
    ...(takesIfMatch && { 'If-Match': 'The ETag of the draft that was read; another one by then is refused.' }),
    ...(takesKey(door) && {
      'Idempotency-Key': 'The same request with the same key is carried out once, and answered with the first answer.',
    }),
    ...(isReading(door) && { 'If-None-Match': 'The ETag of an answer: where it still holds, 304.' }),
  };
  return [
    ...namesIn(path).map((name) => ({ name, in: 'path' as const, required: true, ...pathName(name, named) })),
    ...(query ? queryParameters(schemaOf(query, 'input', named)) : []),
    ...headerParameters(takes, true),
    ...headerParameters(asked, false),
  ];
}

function pathName(name: string, named: Record<string, Schema>): { description: string; schema: Schema } {
  const shape = pathNames[name];
  if (shape === undefined) throw new Error(`{${name}} of a path has no shape.`);
  const { description = '', ...schema } = schemaOf(shape, 'input', named);
  return { description, schema };
}

function queryParameters({ properties = {}, required = [] }: Schema): Operation['parameters'] {
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: 'query' as const, required: required.includes(name), schema },
    ...(description !== undefined && { description }),
  }));
}

function contentOf({ media, example }: Body<unknown>, named: Record<string, Schema>): Content {
  const entries = Object.entries(media).map(([type, shape]) => [
    type,
    { schema: shape ? schemaOf(shape, 'input', named) : {}, ...(example !== undefined && { example }) },
  ]);
  return Object.fromEntries(entries) as Content;
}

const headerOf = (description: string): Header => ({ description, schema: { type: 'string' } });

/** Headers that answers of several addresses have. */
const givenAnywhere: HeaderNotes = {
  RateLimit: 'How many requests of this token are left, and in how many seconds it begins anew.',
  'RateLimit-Policy': 'How many requests a token has, in how many seconds.',
  ETag: 'The answer’s own mark, for If-None-Match and If-Match.',
  Link: 'Where there is more: the address of the next piece, as rel="next".',
  'Idempotency-Replayed': '“true”: the answer of the first time.',
};

function responsesOf(door: Door, answers: Answers, named: Record<string, Schema>): Record<string, Response> {
  const often = ['RateLimit', 'RateLimit-Policy'];
  if (isPaged(door)) often.push('Link');
  if (takesKey(door)) often.push('Idempotency-Replayed');
  const entries = Object.entries(answers).map(([status, answer]) => {
    const isJson = !('media' in answer);
    const names = isReading(door) && isJson ? [...often, 'ETag'] : often;
    const shared = names.map((name) => [name, { $ref: `#/components/headers/${name}` }]);
    const own = Object.entries(door.gives ?? {}).map(([name, says]) => [name, headerOf(says)]);
    const headers = Object.fromEntries([...shared, ...own]) as Response['headers'] & object;
    return [status, { ...answered(door, status, answer, named), headers }];
  });
  return Object.fromEntries(entries) as Record<string, Response>;
}

function answered(door: Door, status: string, answer: Answers[number], named: Record<string, Schema>): Response {
  if ('media' in answer) {
    const { media, says, example } = answer;
    return {
      description: says,
      ...(media !== null && { content: { [media]: example === undefined ? {} : { example } } }),
    };
  }
  const schema = schemaOf(answer, 'output', named);
  const example = exampleOf(schema, named, `${operationId(door)} ${status}`);
  return {
    description: status.startsWith('2') ? 'Done.' : 'Not done, and why.',
    content: { 'application/json': { schema, example } },
  };
}

function refused(named: Record<string, Schema>): Response {
  const statuses = [...new Set(Object.values(httpStatus))].join(', ');
  return {
    description: `Refused; the status follows from the kind: ${statuses}. Every code is told below /docs/problems.`,
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        example: exampleOf(schemaOf(problem, 'output', named), named, 'a problem'),
      },
    },
  };
}

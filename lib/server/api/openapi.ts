// The description of the addresses for programs as an OpenAPI 3.1 document, made from the same rows and shapes that answer them. Pure: the same rows
// make the same document. The page /docs/api and the test of every row read this, so a row that is missing here does not exist.
import { z } from 'zod';
import { httpStatus } from '#lib/core/errors.ts';
import type { Body } from './body.ts';
import { namesIn, type Answers, type Door } from './door.ts';

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
    schema: object;
  }[];
  requestBody?: { required: boolean; content: Record<string, { schema: object; example?: unknown }> };
  responses: Record<string, object>;
};
export type OpenApi = {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: object;
};

const problem = z.strictObject({
  type: z
    .string()
    .meta({ format: 'uri-reference', description: 'Where the code is told: from the root of this instance.' }),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: 'A sentence for people.' }),
  code: z.string().meta({ description: 'What it is, for programs; never renamed.' }),
  details: z.unknown(),
});

const schemaOf = (shape: z.ZodType, io: 'input' | 'output'): Record<string, unknown> => {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' });
  return schema;
};

/** `publicUrl`: where people reach the instance. */
export function openApiDocument(doors: readonly Door[], { publicUrl }: { publicUrl: string }): OpenApi {
  const paths: OpenApi['paths'] = {};
  for (const door of doors) {
    const path = (paths[`/api/v1/${door.path}`] ??= {});
    path[door.method.toLowerCase()] = operationOf(door);
  }
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: 'Countersign', version: '1' },
      description: 'Addresses for programs. Nothing here signs: whoever hands a signature in has made it elsewhere.',
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of a person (csp_…) or of a project (cst_…).' },
      },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  };
}

/** `POST drafts/{draft}/files` → `post-drafts-draft-files`: how the reference links to it. */
export const operationId = ({ method, path }: Pick<Door, 'method' | 'path'>): string =>
  `${method}-${path}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '');

function operationOf(door: Door): Operation {
  const { about, says, scopes, body, answers } = door;
  return {
    ...{ operationId: operationId(door), tags: [about], summary: says },
    ...{ 'x-scopes': [...scopes], security: [{ token: [] }] },
    parameters: parametersOf(door),
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      ...responsesOf(answers),
      default: {
        description: `Refused; the status follows from the kind: ${[...new Set(Object.values(httpStatus))].join(', ')}.`,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function parametersOf({ method, path, query, takesIfMatch = false }: Door): Operation['parameters'] {
  const header = (name: string, description: string) => ({
    ...{ name, in: 'header' as const, required: false, description, schema: { type: 'string' } },
  });
  return [
    ...namesIn(path).map((name) => ({ name, in: 'path' as const, required: true, schema: { type: 'string' } })),
    ...(query ? queryParameters(schemaOf(query, 'input')) : []),
    ...(takesIfMatch
      ? [header('If-Match', 'The ETag of the draft that was read; another one by then is refused.')]
      : []),
    ...(method === 'POST'
      ? [header('Idempotency-Key', 'The same request again is answered with the first answer.')]
      : []),
  ];
}

function queryParameters({ properties = {}, required = [] }: Record<string, unknown>): Operation['parameters'] {
  const needed = required as string[];
  return Object.entries(properties as Record<string, { description?: string }>).map(([name, schema]) => ({
    ...{ name, in: 'query' as const, required: needed.includes(name), schema },
    ...(schema.description !== undefined && { description: schema.description }),
  }));
}

function contentOf({ media, example }: Body<unknown>): Record<string, { schema: object; example?: unknown }> {
  const entries = Object.entries(media).map(([type, shape]) => [
    type,
    { schema: shape ? schemaOf(shape, 'input') : {}, ...(example !== undefined && { example }) },
  ]);
  return Object.fromEntries(entries) as Record<string, { schema: object; example?: unknown }>;
}

function responsesOf(answers: Answers): Record<string, object> {
  const entries = Object.entries(answers).map(([status, answer]) => {
    if ('media' in answer) return [status, { description: answer.says, content: { [answer.media]: {} } }];
    const content = { 'application/json': { schema: schemaOf(answer, 'output') } };
    return [status, { description: status.startsWith('2') ? 'Done.' : 'Not done, and why.', content }];
  });
  return Object.fromEntries(entries) as Record<string, object>;
}

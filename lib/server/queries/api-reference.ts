// The reference of the addresses for programs, for people: the OpenAPI document that programs read, a page for each of its headings and one for the shapes that
// several answers share. The program made the document from its table when it started, so that Next's copy of this room need not hold the table too.
import { refuse } from '#lib/core/errors.ts';
import type { OpenApi, Operation, Response } from '#lib/server/api/openapi.ts';
import type { Schema } from '#lib/server/api/schema-of.ts';
import { runtime } from '#lib/server/runtime.ts';

type Shown = { media: string; schema: Schema | null; example?: unknown };
type ApiAddress = {
  operationId: string;
  method: string;
  path: string;
  summary: string;
  scopes: readonly string[];
  parameters: Operation['parameters'];
  body: Shown | null;
  answers: (Partial<Shown> & { status: string; says: string; headers: { name: string; says: string }[] })[];
};
export type ApiArea = { about: string; area: string; addresses: ApiAddress[] };
export type ApiReference = { publicUrl: string; areas: ApiArea[] };

/** `Looking after drafts` → `looking-after-drafts`. */
const areaOf = (about: string): string => about.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** All of it, for everybody. */
export function apiReference(): ApiReference {
  const { api, config } = runtime();
  const areas = (api?.tags ?? []).map(({ name: about }) => ({
    about,
    area: areaOf(about),
    addresses: [] as ApiAddress[],
  }));
  for (const [path, methods] of Object.entries(api?.paths ?? {}))
    for (const [method, operation] of Object.entries(methods))
      areas
        .find(({ about }) => operation.tags.includes(about))
        ?.addresses.push(asAddress(method.toUpperCase(), path, operation));
  return { publicUrl: config.publicUrl, areas };
}

/** One heading of it (hostile). Refuses `document.not-found`. */
export function apiArea(claimed: string): ApiArea & { publicUrl: string } {
  const { publicUrl, areas } = apiReference();
  const found = areas.find(({ area }) => area === claimed);
  if (found === undefined) throw refuse('document.not-found', {});
  return { ...found, publicUrl };
}

/** What several answers hold, by name. */
export const apiShapes = (): OpenApi['components']['schemas'] => runtime().api?.components.schemas ?? {};

function asAddress(method: string, path: string, operation: Operation): ApiAddress {
  const { operationId, summary, parameters, requestBody, responses } = operation;
  const [body] = Object.entries(requestBody?.content ?? {});
  return {
    ...{ operationId, method, path, summary, parameters, scopes: operation['x-scopes'] },
    body: body === undefined ? null : { schema: null, ...body[1], media: body[0] },
    answers: Object.entries(responses).flatMap(([status, answer]) =>
      '$ref' in answer ? [] : [asAnswer(status, answer)],
    ),
  };
}

function asAnswer(
  status: string,
  { description, headers = {}, content = {} }: Response,
): ApiAddress['answers'][number] {
  const [first] = Object.entries(content);
  const own = Object.entries(headers).flatMap(([name, header]) =>
    '$ref' in header ? [] : [{ name, says: header.description }],
  );
  return { status, says: description, headers: own, ...(first && { schema: null, ...first[1], media: first[0] }) };
}

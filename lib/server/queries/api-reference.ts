// The reference of the addresses for programs, for people: the OpenAPI document that programs read, in the order of its headings.
import { doors } from '#lib/server/api/doors.ts';
import { openApiDocument, type Operation } from '#lib/server/api/openapi.ts';
import { runtime } from '#lib/server/runtime.ts';

export type ApiAddress = Operation & { method: string; path: string };
export type ApiReference = { publicUrl: string; groups: { about: string; addresses: ApiAddress[] }[] };

/** All of it, for everybody. */
export function apiReference(): ApiReference {
  const { publicUrl } = runtime().config;
  const { paths } = openApiDocument(doors, { publicUrl });
  const addresses = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
  const abouts = [...new Set(addresses.map(({ tags: [about = ''] }) => about))];
  const groups = abouts.map((about) => ({ about, addresses: addresses.filter(({ tags }) => tags.includes(about)) }));
  return { publicUrl, groups };
}

// The reference of the addresses for programs, for people: the OpenAPI document that programs read, in the order of its headings. The program made it from
// its table when it started, so that Next's copy of this room need not hold the table too.
import type { Operation } from '#lib/server/api/openapi.ts';
import { runtime } from '#lib/server/runtime.ts';

export type ApiAddress = Operation & { method: string; path: string };
export type ApiReference = { publicUrl: string; groups: { about: string; addresses: ApiAddress[] }[] };

/** All of it, for everybody. */
export function apiReference(): ApiReference {
  const { publicUrl } = runtime().config;
  const addresses = Object.entries(runtime().api?.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
  const abouts = [...new Set(addresses.map(({ tags: [about = ''] }) => about))];
  const groups = abouts.map((about) => ({ about, addresses: addresses.filter(({ tags }) => tags.includes(about)) }));
  return { publicUrl, groups };
}

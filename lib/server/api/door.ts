// One row of the table of addresses for programs: what is asked, who may, what is sent, what is answered, and the command or query that does it. The
// same row answers the request (web/api.ts), makes the OpenAPI document (openapi.ts) and its page, and is what the tests go through, so none of
// them can say something else. A row decides nothing: its command or query asks again who asks.
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Scope } from '#lib/core/people.ts';
import type { TokenActor } from '#lib/server/judge/token.ts';
import type { Download } from '#lib/server/queries/download.ts';
import type { StoredDownload } from '#lib/server/queries/statement-bytes.ts';
import type { Body } from './body.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What an address answers: JSON or nothing, with headers of its own; a document of ours, or a stored file. */
export type Answered =
  | { status?: number; json: object; headers?: Record<string, string> }
  | { empty: { status: number; headers: Record<string, string> } }
  | { bytes: Download }
  | { stored: StoredDownload };

/** A request at a door, read: `names` as the path has them, `query` and `body` by the row's shapes. `ifMatch`: the header as it came. */
export type Asked<Query = unknown, Sent = unknown> = {
  req: IncomingMessage;
  actor: TokenActor;
  names: Readonly<Record<string, string>>;
  query: Query;
  body: Sent;
  ifMatch: string | undefined;
};

/** Status → what comes with it: a shape of JSON, or bytes of a media type (null: none), for the reference with an example where they are text. */
export type Answers = Readonly<Record<number, z.ZodType | { media: string | null; says: string; example?: string }>>;

/** Headers → what they say, for the reference. */
export type HeaderNotes = Readonly<Record<string, string>>;

export type Row<Query extends z.ZodType, Sent> = {
  method: Method;
  /** Below /api/v1/; `{name}` is one segment. */
  path: string;
  /** The heading under which the reference lists it. */
  about: string;
  /** What it does, in one sentence. */
  says: string;
  /** Tokens with one of these pass; none: every token. */
  scopes: readonly Scope[];
  query?: Query;
  body?: Body<Sent>;
  /** It changes a draft and can be bound to the one that was read (`If-Match`). */
  takesIfMatch?: boolean;
  /** A POST that is the same wish when it comes again, by itself: it takes no Idempotency-Key. */
  isRepeatable?: boolean;
  /** Headers of its own: those that a request must have, and those of the answer. */
  takes?: HeaderNotes;
  gives?: HeaderNotes;
  answers: Answers;
  /** Refuses before the body is read, where that may be large. */
  admit?(asked: Asked<z.output<Query>, undefined>): Promise<unknown>;
  answer(asked: Asked<z.output<Query>, Sent>): Promise<Answered>;
};

/** A row with the types of its own shapes forgotten: what the table holds. */
export type Door = Omit<Row<z.ZodType, unknown>, 'admit' | 'answer'> & {
  admit?(asked: Asked): Promise<unknown>;
  answer(asked: Asked): Promise<Answered>;
};

/** Puts a row into the table; its shapes type its own functions. */
export const door = <Query extends z.ZodType = z.ZodUndefined, Sent = undefined>(row: Row<Query, Sent>): Door =>
  row as unknown as Door;

/** Whether asking changes nothing. */
export const isReading = ({ method }: Pick<Door, 'method'>): boolean => method === 'GET';

/** Whether an Idempotency-Key is heard here: what is read while it is worked on cannot be bound to one. */
export const takesKey = ({ method, body, isRepeatable = false }: Door): boolean =>
  method === 'POST' && !isRepeatable && body?.isStream !== true;

/** Whether it answers a list piece by piece. */
export const isPaged = ({ method, query }: Door): boolean =>
  method === 'GET' && Object.hasOwn((query as { shape?: object } | undefined)?.shape ?? {}, 'cursor');

/** The names in a path, in their order. */
export const namesIn = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

// One request of one role at one door, over HTTP as a browser sends it, and what the answer says in the words of the table. Server actions
// are called by the id that the build gave them, with React's encoding of their arguments.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { register, type RefusalCode } from '#lib/core/errors.ts';
import { root } from '../../scripts/processes.mjs';
import type { RunningProgram } from '../support/web-program.ts';
import type { Answer } from './roles.ts';
import type { Knock, Row } from './row.ts';
import type { Setting } from './setting.ts';

type Asked = { answer: Answer; body: string };
type BuiltAction = { filename: string; exportedName: string; workers: Record<string, unknown> };

/** What the build calls each action: `action FILE NAME` → id and the pages that carry it. */
function readActions(): Map<string, { id: string; pages: string[] }> {
  const file = path.join(root, '.next', 'server', 'server-reference-manifest.json');
  const { node } = JSON.parse(readFileSync(file, 'utf8')) as { node: Record<string, BuiltAction> };
  const pages = (workers: object) => Object.keys(workers).map(pageOf);
  return new Map(
    Object.entries(node).map(([id, { filename, exportedName, workers }]) => [
      `action ${filename} ${exportedName}`,
      { id, pages: pages(workers) },
    ]),
  );
}

/** `app/(home)/page` → `page /`. */
const pageOf = (worker: string): string =>
  `page ${worker.slice('app'.length, -'/page'.length).replace(/\/\([^/]*\)/g, '') || '/'}`;

/** React's encoding of arguments: JSON under 0, each form's fields under a number of its own. */
function encode(args: unknown[]): FormData {
  const body = new FormData();
  let forms = 0;
  const plain = args.map((arg) => {
    if (!(arg instanceof FormData)) return arg;
    forms += 1;
    for (const [name, value] of arg) body.append(`_${forms}_${name}`, value);
    return `$K${forms.toString(16)}`;
  });
  body.append('0', JSON.stringify(plain));
  return body;
}

const nothing = new Proxy({}, { get: () => '\0' });

/** Sentence → code, for answers that show only the sentence. */
const sentences: [RegExp, RefusalCode][] = Object.entries(register).flatMap(([code, { say }]) => {
  try {
    const parts = (say as (details: unknown) => string)(nothing).split('\0');
    const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.*');
    return [[new RegExp(`^${pattern}$`), code as RefusalCode]];
  } catch {
    return []; // its sentence needs real details; no door answers with it in words alone
  }
});
const codeOf = (sentence: string): string => sentences.find(([pattern]) => pattern.test(sentence))?.[1] ?? sentence;

/** Answers the question how this program answers. */
export function openKnocking(program: RunningProgram, rows: readonly Row[]) {
  const actions = readActions();
  const placeOf = (pages: string[], at: Setting): string => {
    const row = rows.find((other) => 'knock' in other && pages.includes(other.door));
    if (row === undefined || !('knock' in row)) throw new Error(`No page with a row carries ${pages.join(', ')}.`);
    return row.knock(at).path;
  };
  // The body goes out at once: a refusal may come, and close the connection, before a stream is read.
  const send = async ({ path: place, method = 'GET', body, ...more }: Knock, sent: Record<string, string>) => {
    const headers = { ...sent, ...more.headers };
    const request = new Request(program.base + place, { method, body: body ?? null, headers, redirect: 'manual' });
    return method === 'GET' ? fetch(request) : fetch(request, { body: await request.clone().arrayBuffer() });
  };

  /** Asks as whoever these headers show; `origin`: the page from which a post says to come. */
  return async (row: Row, at: Setting, who: Record<string, string>, origin = program.publicUrl): Promise<Asked> => {
    if ('knock' in row) {
      const isPage = !row.door.startsWith('address ');
      const accept = isPage ? 'text/html' : 'application/json, */*;q=0.5';
      return readAnswer(await send(row.knock(at), { accept, origin, ...who }), isPage);
    }
    const built = actions.get(row.door);
    if (built === undefined) return { answer: 'not in the build: nothing calls it', body: '' };
    const knock = { path: placeOf(built.pages, at), method: 'POST' as const, body: encode(row.call(at)) };
    return readResult(await send(knock, { accept: 'text/x-component', 'next-action': built.id, origin, ...who }));
  };
}

async function readAnswer(response: Response, isPage: boolean): Promise<Asked> {
  const { status, headers } = response;
  const body = await response.text();
  const place = headers.get('location');
  if (place !== null) return { answer: place.includes('/sign-in') ? 'sign in' : `to ${place}`, body };
  const code = isPage ? undefined : /"code":"([a-z0-9.-]+)"/.exec(body)?.[1];
  return { answer: code === undefined || status < 300 ? String(status) : `${status} ${code}`, body };
}

async function readResult(response: Response): Promise<Asked> {
  const body = await response.text();
  const json = (text: string | undefined): string => JSON.parse(`"${text ?? ''}"`) as string;
  if (response.headers.get('x-action-redirect') !== null) return { answer: 'goes on', body };
  const code = /"code":"([a-z0-9.-]+)"/.exec(body)?.[1];
  if (code !== undefined) return { answer: code, body };
  if (response.status !== 200) return { answer: String(response.status), body };
  const sentence = /"counts":false,"sentence":"((?:[^"\\]|\\.)*)"/.exec(body);
  return { answer: sentence ? codeOf(json(sentence[1])) : 'done', body };
}

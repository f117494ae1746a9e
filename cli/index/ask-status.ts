// One question to the status address of an index. The answer is hostile: bounded in size and time, and read field by field; a redirect is refused.
import { isRefusal, refuse, type Refusal } from '#lib/core/errors.ts';

/** The fields of docs/formats/status.md that the client uses. */
export type ReadStatus = {
  project: string;
  version: string;
  draft: string;
  state: string;
  outcome: Outcome;
  revision: number;
  required: number;
  counted: string[];
  missing: number;
  declinedBy: string[];
  waitsUntil: string | null;
  page: string;
  mark: string;
};

const outcomes = ['waiting', 'published', 'declined', 'withdrawn', 'expired', 'quarantined'] as const;
type Outcome = (typeof outcomes)[number];

export type Answered = { status: ReadStatus } | { unreached: Refusal };

const bytesMax = 256 * 1024;
/** Statuses after which asking again can help. */
const passing = [429, 502, 503, 504];

/** Asks. `unreached` where asking again can help; refuses `wait.…`, `verify.unreachable` where it cannot. */
export async function askStatus(url: string, token: string, ms: number): Promise<Answered> {
  const unreachable = (why: string, cause?: unknown) => refuse('verify.unreachable', { url, why }, cause);
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  try {
    const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(ms) });
    if (passing.includes(response.status)) return { unreached: unreachable(`status ${response.status}`) };
    if (response.status === 401) throw refuse('wait.token-refused', {});
    if (response.status === 404) throw refuse('wait.no-draft', {});
    if (response.status !== 200) throw unreachable(`status ${response.status}`);
    return { status: readStatus(await readText(response), () => unreachable('the answer is not a status')) };
  } catch (fault) {
    if (isRefusal(fault)) throw fault;
    return { unreached: unreachable('no answer', fault) };
  }
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return Buffer.concat(parts).toString('utf8');
    size += part.value.length;
    if (size > bytesMax) throw refuse('verify.unreachable', { url: response.url, why: 'the answer is too large' });
    parts.push(part.value);
  }
}

function readStatus(text: string, foreign: () => Refusal): ReadStatus {
  const fields = parse(text);
  const read = <T>(name: string, check: (value: unknown) => value is T): T => {
    const value = fields?.[name];
    if (check(value)) return value;
    throw foreign();
  };
  return {
    ...{ project: read('project', isText), version: read('version', isText), draft: read('draft', isText) },
    ...{ state: read('state', isText), outcome: read('outcome', isOutcome), revision: read('revision', isCount) },
    ...{ required: read('required', isCount), counted: read('counted', isTexts), missing: read('missing', isCount) },
    ...{ declinedBy: read('declinedBy', isTexts), waitsUntil: read('waitsUntil', isTextOrNull) },
    ...{ page: read('page', isText), mark: read('mark', isText) },
  };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // no JSON: read as an answer without fields, which is refused
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 2000;
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= 1000 && value.every(isText);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isOutcome = (value: unknown): value is Outcome => (outcomes as readonly unknown[]).includes(value);

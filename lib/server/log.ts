// What the server programs say about themselves, on standard error: one line each, as JSON for machines (LOG=json, with a line for every request) or as
// text for people (LOG=text, without). Nothing secret is handed to it: addresses are shortened before (http/shown-address.ts), mails, cookies and tokens
// are never logged. Text of strangers (a fault's message) cannot break a line or move a terminal's cursor.
// Kept in globalThis: Next has a copy of this module of its own.
import { pino, type Logger } from 'pino';

export type LogForm = 'json' | 'text';

type Place = { logger: Logger; form: LogForm | null };
const key = Symbol.for('countersign.log');
const place = globalThis as { [key]?: Place };

/** Says from now on what is said in this form; the programs call it once they have read their settings. */
export function openLog(form: LogForm): void {
  place[key] = { logger: makeLogger(form), form };
}

/** Where to say something. Before `openLog`: JSON. */
export function log(): Logger {
  place[key] ??= { logger: makeLogger('json'), form: null };
  return place[key].logger;
}

/** True where each request gets a line. */
export const logsRequests = (): boolean => place[key]?.form === 'json';

function makeLogger(form: LogForm): Logger {
  const write = form === 'json' ? say : (line: string) => say(asText(JSON.parse(line) as Line));
  const options = {
    base: undefined,
    messageKey: 'says',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }) },
  };
  return pino(options, { write });
}

// Not the stream itself: tests look at what is written to standard error.
const say = (line: string): void => void process.stderr.write(line);

type Line = { level: string; time: string; says?: string } & Record<string, unknown>;

// Control characters but the line break and the tab: a fault may quote what a stranger sent.
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const plain = (text: string): string =>
  text.replace(unsafe, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** `12:03:04 error  deliver mail  reference 1a2b: what happened`, with what has several lines below. */
export function asText({ level, time, says, ...rest }: Line): string {
  const fields = Object.entries(rest).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const short = fields.filter((field) => !field.includes('\n'));
  const long = fields.filter((field) => field.includes('\n'));
  const head = [time.slice(11, 19), level, ...(says === undefined ? [] : [says]), ...short].join('  ');
  return `${[head, ...long].map(plain).join('\n')}\n`;
}

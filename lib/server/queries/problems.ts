// Every refusal for people and programs that meet its code: the address in `type` of a problem document (RFC 9457) leads here. Made from the one register;
// what a sentence names stands in it as ‹what it is›, because here nothing has happened.
import { exitCode, httpStatus, refuse, register, type RefusalCode, type RefusalKind } from '#lib/core/errors.ts';
import { areaOf } from '#lib/server/http/refusal.ts';

type ProblemLine = { code: string; kind: RefusalKind; status: number; exit: number; sentence: string };
type ProblemArea = { area: string; problems: ProblemLine[] };

const codes = (Object.keys(register) as RefusalCode[]).sort();

/** The parts of the codes before the dot, with how many there are of each. For everybody. */
export function problemAreas(): { area: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(areaOf(code), (counts.get(areaOf(code)) ?? 0) + 1);
  return [...counts].map(([area, count]) => ({ area, count }));
}

/** All of one area (hostile), for everybody. Refuses `document.not-found`. */
export function problemsOf(claimed: string): ProblemArea {
  const here = codes.filter((code) => areaOf(code) === claimed);
  if (here.length === 0) throw refuse('document.not-found', {});
  return { area: claimed, problems: here.map(asLine) };
}

function asLine(code: RefusalCode): ProblemLine {
  const { kind } = register[code];
  return { code, kind, status: httpStatus[kind], exit: exitCode[kind], sentence: sentenceOf(code) };
}

const sentenceOf = (code: RefusalCode): string => (register[code].say as (details: unknown) => string)(blanks);

/** `bytesMax` → `‹bytes max›`. */
const blank = (field: string): string => `‹${field.replace(/(?<=[a-z])(?=[A-Z\d])/g, ' ').toLowerCase()}›`;

/** What no blank can stand for: dates are written out, and faults have parts. */
const samples: Readonly<Record<string, unknown>> = {
  ...{ at: '2026-01-31T12:00:00Z', from: '2026-01-31T12:00:00Z' },
  faults: [{ field: '‹field›', says: '‹what is wrong›', toString: () => '‹faults›' }],
};

/** Details of which each field is its own name: as text, and as a list of one. */
const blanks = new Proxy({}, { get: (_, field) => samples[String(field)] ?? [blank(String(field))] });

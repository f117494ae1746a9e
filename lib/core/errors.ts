// Refusals: wishes that are not granted, with a code, a kind and a sentence for people. The sentences stand in refusals-of-….ts, one row a code.
// A signature that does not count is a finding (verdict.ts), not an error. A code is never renamed once released.
// Sentences may carry hostile text (file names, user ids): whoever shows them escapes for its own medium.
import { everyRefusal } from './every-refusal.ts';

export type RefusalKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'outdated'
  | 'too-large'
  | 'refused'
  | 'needs-answer'
  | 'too-many'
  | 'unavailable'
  | 'internal';

/** Kind → HTTP status. */
export const httpStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  outdated: 412,
  'too-large': 413,
  refused: 422,
  'needs-answer': 422,
  'too-many': 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<RefusalKind, number>;

/** Kind → exit code of the command line. */
export const exitCode = {
  invalid: 2,
  unauthenticated: 2,
  forbidden: 2,
  'not-found': 2,
  conflict: 2,
  outdated: 2,
  'too-large': 2,
  refused: 1,
  'needs-answer': 4,
  'too-many': 3,
  unavailable: 3,
  internal: 70,
} as const satisfies Record<RefusalKind, number>;

/** What a server said when it refused: its status, its sentence, its code. Hostile text. */
export type Told = { status: number; says: string; reason: string };

export const register = everyRefusal;

export type RefusalCode = keyof typeof register;
export type RefusalDetails<C extends RefusalCode> = Parameters<(typeof register)[C]['say']>[0];

// Next bundles its own copy of this module, so `instanceof` would miss half: the brand decides.
const refusalBrand = Symbol.for('countersign.refusal');

/** A wish that is refused: typed code and details, a sentence for people. */
export class Refusal<C extends RefusalCode = RefusalCode> extends Error {
  readonly [refusalBrand] = true;
  readonly code: C;
  readonly details: RefusalDetails<C>;
  constructor(code: C, details: RefusalDetails<C>, cause?: unknown) {
    super((register[code].say as (d: unknown) => string)(details), cause === undefined ? undefined : { cause });
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
  get kind(): RefusalKind {
    return register[this.code].kind;
  }
}

/** Makes the refusal; the caller throws it, so that control flow stays visible. */
export function refuse<C extends RefusalCode>(code: C, details: RefusalDetails<C>, cause?: unknown): Refusal<C> {
  return new Refusal(code, details, cause);
}

/** True for a refusal from any copy of this module. */
export function isRefusal(fault: unknown): fault is Refusal {
  return typeof fault === 'object' && fault !== null && refusalBrand in fault;
}

/** A refusal as plain data, to be handed from process to process. */
export type PlainRefusal = { code: string; details: object };

export const plainRefusal = ({ code, details }: Refusal): PlainRefusal => ({ code, details });

/** The refusal again. A code that is not in the register is a mistake of ours. */
export function refusalOf({ code, details }: PlainRefusal): Refusal {
  if (!Object.hasOwn(register, code)) throw new Error(`There is no refusal “${code.slice(0, 80)}”.`);
  return new Refusal(code as RefusalCode, details as RefusalDetails<RefusalCode>);
}

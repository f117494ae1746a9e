// From a fault to an HTTP answer: a refusal becomes its status and a problem document (RFC 9457), anything else is ours.
// Used by web/ and by lib/next, so that both faces say the same. Trusts nothing in a fault but the brand of a refusal.
// Gives away: the code, the sentence and the details of a refusal; of our own mistakes only a reference, which is logged once with the cause.

import { randomBytes } from 'node:crypto';
import { httpStatus, isRefusal, refuse, type Refusal } from '#lib/core/errors.ts';
import { log } from '#lib/server/log.ts';
import { thisRequest } from './this-request.ts';

export type Problem = {
  /** Where its sentence is told: an address of this instance, from its root (RFC 9457, 3.1.1). */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  details: unknown;
};

export type RefusalAnswer = { status: number; headers: Record<string, string>; body: Problem };

const retrySeconds = 30;

/** `draft.moved-on` → `/docs/problems/draft#draft.moved-on`. The same at every name and proxy of an instance; codes are never renamed, so neither is this. */
const problemPath = (code: string): string => `/docs/problems/${areaOf(code)}#${code}`;

/** What stands before the first dot. */
export const areaOf = (code: string): string => code.split('.')[0] ?? code;

/** The refusal that a fault is; a fault that is none is logged once and becomes `internal` with a reference a person can quote. */
export function asRefusal(fault: unknown): Refusal {
  if (isRefusal(fault)) return fault;
  const reference = thisRequest()?.id ?? randomBytes(5).toString('hex');
  logFault(reference, fault);
  return refuse('internal', { reference }, fault);
}

/** The HTTP answer to a refusal. */
export function answerRefusal(refusal: Refusal): RefusalAnswer {
  const status = httpStatus[refusal.kind];
  const request = thisRequest();
  if (request) request.code = refusal.code;
  return {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(status === 429 || status === 503 ? { 'Retry-After': String(retrySeconds) } : {}),
    },
    body: {
      type: problemPath(refusal.code),
      title: refusal.kind,
      status,
      detail: refusal.message,
      code: refusal.code,
      details: refusal.details,
    },
  };
}

/** The only place where the cause of our own mistake is written. */
function logFault(reference: string, fault: unknown): void {
  const cause =
    fault instanceof Error
      ? { name: fault.name, message: fault.message, stack: fault.stack }
      : { message: String(fault) };
  log().error({ reference, ...cause });
}

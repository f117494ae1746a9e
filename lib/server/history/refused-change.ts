// Refused changes that are traces of something: not allowed, or overtaken by somebody else. Each is recorded in a transaction of its own
// after everything was rolled back, in the project that it was about (docs/decisions/027). Mistakes in a form, and asking for what is not
// there, are no history.
import { isRefusal, type Refusal } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { recordRefusal, viaOf } from '#lib/server/change.ts';
import { within, type Attempt, type Subject } from './attempt.ts';

/** A session that is not fresh is asked to confirm, and an upload asks where it goes on; that happens every day. */
const daily: readonly string[] = [
  'session.not-fresh',
  'upload.wrong-offset',
  'upload.taken-over',
  'upload.parts-missing',
  'upload.unfinished',
];

/** Signed in, or with a token: in somebody's name. */
const acts = ({ kind }: Actor): boolean => kind === 'person' || kind === 'token';

function isTrace({ code, kind }: Refusal, { isOutsider = false }: Subject): boolean {
  if (daily.includes(code)) return false;
  return kind === 'forbidden' || kind === 'conflict' || (kind === 'not-found' && isOutsider);
}

/** Runs what a door was asked to change. A refusal is thrown on; where it is a trace, history has it by then. */
export async function keepingRefusedChange<T>(work: () => Promise<T>): Promise<T> {
  const attempt: Attempt = { subject: null, isKept: false };
  try {
    return await within(attempt, work);
  } catch (fault) {
    if (isRefusal(fault)) await keep(attempt, fault);
    throw fault;
  }
}

async function keep({ subject, isKept }: Attempt, refusal: Refusal): Promise<void> {
  if (isKept || subject === null || !acts(subject.actor) || !isTrace(refusal, subject)) return;
  const { actor, project, draft } = subject;
  await recordRefusal(actor, viaOf(actor), { kind: 'change.refused', project, ...(draft && { draft }) }, refusal);
}

// The answers so far, as they stand in the address; at first the mildest ones: retired, and the numbers as they are. Hostile texts, shown again as
// they came; what they mean is read by lib/next/removal-fields.ts.

import type { PolicyFacts } from '#lib/server/queries/policy-facts.ts';
import type { Subject } from './subject.ts';

export type Answers = { threshold: string; ownerThreshold: string; how: string; since: string; reason: string };

const hows = ['retire', 'strike-since', 'strike-all'];

export function answersIn(asked: FormData, subject: Subject, rules: PolicyFacts): Answers {
  const text = (name: string, otherwise: string) => {
    const value = asked.get(name);
    return typeof value === 'string' ? value : otherwise;
  };
  const how = text('how', subject.isIn ? 'retire' : 'strike-all');
  return {
    threshold: text('threshold', String(rules.threshold)),
    ownerThreshold: text('ownerThreshold', String(Math.min(rules.ownerThreshold, Math.max(1, subject.ownersLeft)))),
    how: hows.includes(how) && (how !== 'retire' || subject.isIn) ? how : 'strike-all',
    ...{ since: text('since', ''), reason: text('reason', '') },
  };
}

/** The same as a form would post them. */
export function formOfAnswers(answers: Answers): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(answers)) form.set(name, value);
  return form;
}

// What the answers would do: the preview of the same document that would be proposed, or the sentence that says why there is none.

import { isRefusal } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { readRemovalFields } from '#lib/next/removal-fields.ts';
import { policyPreview, type PolicyPreview } from '#lib/server/queries/policy-preview.ts';
import { formOfAnswers, type Answers } from './answers.ts';
import type { Subject } from './subject.ts';

export type Shown = { preview: PolicyPreview } | { refused: string };

/** What is no refusal goes on to the error page. */
export async function shownFor(actor: Actor, project: string, subject: Subject, answers: Answers): Promise<Shown> {
  try {
    const { removal, ...numbers } = readRemovalFields(formOfAnswers(answers), subject.name);
    return { preview: await policyPreview(actor, { project, remove: [removal], ...numbers }) };
  } catch (fault) {
    if (isRefusal(fault)) return { refused: fault.message };
    throw fault;
  }
}

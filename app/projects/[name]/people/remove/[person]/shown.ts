// What the answers would do: the preview of the same document that would be proposed, or the sentence that says why there is none.

import type { Actor } from '#lib/core/people.ts';
import { readRemovalFields } from '#lib/next/removal-fields.ts';
import { shownPreview, type ShownPreview } from '#lib/next/shown-preview.ts';
import { policyPreview } from '#lib/server/queries/policy-preview.ts';
import { formOfAnswers, type Answers } from './answers.ts';
import type { Subject } from './subject.ts';

/** Throws what is no refusal. */
export function shownFor(actor: Actor, project: string, subject: Subject, answers: Answers): Promise<ShownPreview> {
  return shownPreview(async () => {
    const { removal, ...numbers } = readRemovalFields(formOfAnswers(answers), subject.name);
    return policyPreview(actor, { project, remove: [removal], ...numbers });
  });
}

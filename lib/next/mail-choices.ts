// The fields of the matrix of mail: one for each topic, with the way in which it shall come, or "as for all". Hostile; the command checks it.

import 'server-only';
import { asForAll, mailTopics } from '#lib/core/mail-topics.ts';
import { textOf } from './form-fields.ts';

/** Topic → way, null for as for all; a topic without a field is not named. */
export function readMailChoices(form: FormData): Record<string, string | null> {
  const filled = Object.keys(mailTopics).filter((topic) => textOf(form, topic) !== '');
  return Object.fromEntries(
    filled.map((topic) => [topic, textOf(form, topic) === asForAll ? null : textOf(form, topic)]),
  );
}

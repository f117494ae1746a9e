// The answers to the questions of a removal, from the address of the preview and from the posted form alike, so that what is proposed is what was
// shown. Hostile: texts only; commands and core check every name, number and moment.

import 'server-only';
import { refuse } from '#lib/core/errors.ts';
import type { RemovePersonInput } from '#lib/server/commands/remove-person.ts';
import { numberOf, textOf } from './form-fields.ts';

type RemovalFields = Pick<RemovePersonInput, 'removal' | 'threshold' | 'ownerThreshold'>;

/** Refuses `input.missing`, `input.not-a`. */
export function readRemovalFields(form: FormData, person: string): RemovalFields {
  return {
    removal: readRemoval(form, person),
    threshold: numberOf(form, 'threshold', 'how many people publishing needs'),
    ownerThreshold: numberOf(form, 'ownerThreshold', 'how many owners changing the rules needs'),
  };
}

function readRemoval(form: FormData, name: string): RemovalFields['removal'] {
  const how = textOf(form, 'how');
  if (how === 'retire') return { name, how };
  const reason = textOf(form, 'reason');
  if (how === 'strike-all') return { name, how: 'strike', since: null, reason };
  if (how === 'strike-since') return { name, how: 'strike', since: readMoment(textOf(form, 'since')), reason };
  throw refuse('input.missing', { field: 'what becomes of their signatures' });
}

/** What a field of date and time gives, taken as UTC: `2026-11-22T09:00`. */
function readMoment(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return `${text}:00Z`;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return `${text}Z`;
  throw refuse('input.not-a', { what: 'a date and time (UTC)', claimed: text.slice(0, 40) });
}

/** Draft id → fate, from the fields `fate-DRAFT`. */
export function readFates(form: FormData): Record<string, string> {
  const chosen = [...form].flatMap(([name, value]) =>
    name.startsWith('fate-') && typeof value === 'string' ? [[name.slice('fate-'.length), value] as const] : [],
  );
  return Object.fromEntries(chosen);
}

// The fields of a change of the rules, from the address of the preview and from the posted form alike, so that what is proposed is what was shown.
// Hostile: texts only; commands and core check every name, number and fingerprint.

import 'server-only';
import type { PolicyInput } from '#lib/server/judge/read-wish.ts';
import type { Search } from './compared.ts';
import { numberOf, textOf, textsOf } from './form-fields.ts';

/** The query of a page as if it had been posted. */
export function formOf(search: Search): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(search))
    for (const text of value === undefined ? [] : [value].flat()) form.append(name, text);
  return form;
}

/** What the form of the rules asks for. Refuses `input.missing`, `input.not-a`. */
export function readPolicyFields(form: FormData): PolicyInput {
  return {
    threshold: numberOf(form, 'threshold', 'how many people publishing needs'),
    ownerThreshold: numberOf(form, 'ownerThreshold', 'how many owners changing the rules needs'),
    waitHours: numberOf(form, 'waitHours', 'hours'),
    openerCounts: textOf(form, 'openerCounts') === 'yes',
    fileSignatures: textOf(form, 'fileSignatures') === 'yes',
    roles: rolesIn(form),
    dropKeys: textsOf(form, 'drop'),
    addKeys: textsOf(form, 'add'),
  };
}

/** The field of each person's role: `role-bo`. */
export const roleField = (name: string): string => `role-${name}`;

function rolesIn(form: FormData): NonNullable<PolicyInput['roles']> {
  const fields = [...form.keys()].filter((field) => field.startsWith(roleField('')));
  return fields.map((field) => ({
    name: field.slice(roleField('').length),
    role: textOf(form, field) === 'owner' ? 'owner' : 'maintainer',
  }));
}

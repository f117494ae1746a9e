// Reading a posted form: hostile, so a text is a text and a file is a file, whatever was sent under the name. Commands check the rest.

import 'server-only';
import { refuse } from '#lib/core/errors.ts';

/** A field as trimmed text; empty where it is missing or a file. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A field that must be filled in. Refuses `input.missing` with the label people see. */
export function requireText(form: FormData, name: string, label: string): string {
  const text = textOf(form, name);
  if (text === '') throw refuse('input.missing', { field: label });
  return text;
}

/** All texts under one name: checkboxes. */
export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value) => typeof value === 'string');
}

/** The files under a name that hold something. */
export function filesOf(form: FormData, name: string): File[] {
  return form.getAll(name).filter((value): value is File => value instanceof File && value.size > 0);
}

/** A whole number as typed; not a number becomes `input.not-a` with the label. */
export function numberOf(form: FormData, name: string, label: string): number {
  const text = requireText(form, name, label);
  if (/^[0-9]{1,6}$/.test(text)) return Number(text);
  throw refuse('input.not-a', { what: `a whole number (${label})`, claimed: text.slice(0, 40) });
}

/** For what cannot be undone: the person typed the name that stands there. Refuses `input.not-confirmed`. */
export function requireTyped(form: FormData, expected: string): void {
  if (textOf(form, 'typed') !== expected) throw refuse('input.not-confirmed', { expected });
}

// Signed JSON documents have one accepted spelling: what `renderDocument` prints. A reader builds the typed value from
// foreign bytes, prints it again and demands the same text. Duplicate keys, unknown keys, trailing data, another number or
// date form, another order: all refused by that one comparison, before anyone looks at a signature.
import { isRefusal, refuse } from './errors.ts';

/** UTF-8, two-space indent, keys in the order given, final LF: the one spelling of a signed JSON document. */
export function renderDocument(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Foreign bytes as text; refuses what is not UTF-8 (a byte-order mark stays visible and so fails later). */
export function readText(foreignBytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(foreignBytes);
  } catch (cause) {
    throw refuse('input.not-json', { what }, cause);
  }
}

/** A JSON object as fields that a reader asks for one by one; hostile. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one signed document: `build` picks the fields (refusing what it does not know), the result must print back to
 * the same bytes (by `render`, where a document has a spelling of its own). Refuses with `input.not-json`, or with the reader's own refusal.
 */
export function readDocument<T extends object>(
  foreignBytes: Uint8Array,
  what: string,
  build: (fields: Fields) => T,
  render: (value: T) => string = renderDocument,
): T {
  const text = readText(foreignBytes, what);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw refuse('input.not-json', { what }, cause);
  }
  const value = guarded(() => build(readFields(parsed, what)), what);
  if (render(value) !== text) throw refuse('input.not-json', { what });
  return value;
}

/** Refuses anything but a plain JSON object. */
export function readFields(claimed: unknown, what: string): Fields {
  if (typeof claimed !== 'object' || claimed === null || Array.isArray(claimed))
    throw refuse('input.not-json', { what });
  return claimed as Fields;
}

/** Refuses anything but an array of at most `most` items. */
export function readList<T>(claimed: unknown, what: string, most: number, item: (claimed: unknown) => T): T[] {
  if (!Array.isArray(claimed) || claimed.length > most) throw refuse('input.not-a', { what, claimed: typeof claimed });
  return claimed.map(item);
}

/** Refuses anything but a whole number from `least` to `most`. */
export function readWhole(claimed: unknown, what: string, least: number, most: number): number {
  if (typeof claimed === 'number' && Number.isSafeInteger(claimed) && claimed >= least && claimed <= most)
    return claimed;
  throw refuse('input.not-a', {
    what: `${what} (a whole number from ${least} to ${most})`,
    claimed: String(claimed).slice(0, 80),
  });
}

/** Refuses anything but `true` and `false`. */
export function readFlag(claimed: unknown, what: string): boolean {
  if (typeof claimed === 'boolean') return claimed;
  throw refuse('input.not-a', { what, claimed: String(claimed).slice(0, 80) });
}

/** Refuses anything but a text of at most `most` UTF-16 units without control characters. */
export function readLine(claimed: unknown, what: string, most: number): string {
  if (
    typeof claimed === 'string' &&
    claimed.length <= most &&
    !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(claimed)
  )
    return claimed;
  throw refuse('input.not-a', { what, claimed: typeof claimed });
}

/** Refuses anything but one line of at most 500 UTF-16 units that says something: why a person did what they did. */
export function readReason(claimed: unknown): string {
  if (typeof claimed !== 'string' || claimed.trim() === '') throw refuse('input.missing', { field: 'the reason' });
  if (claimed.length > 500)
    throw refuse('input.not-a', { what: 'a reason of at most 500 characters', claimed: `${claimed.slice(0, 80)}…` });
  return readLine(claimed, 'a reason in one line', 500);
}

/** Refuses anything but exactly this text. */
export function readExactly<T extends string | number>(claimed: unknown, expected: T, what: string): T {
  if (claimed === expected) return expected;
  throw refuse('input.not-a', { what: `${what} (${expected})`, claimed: String(claimed).slice(0, 80) });
}

/** Refuses anything but one of these words. */
export function readOne<T extends string>(claimed: unknown, known: readonly T[], what: string): T {
  const found = known.find((word) => word === claimed);
  if (found !== undefined) return found;
  throw refuse('input.not-a', { what: `${what} (${known.join(', ')})`, claimed: String(claimed).slice(0, 80) });
}

/** `null` stays `null`; anything else goes to the reader. */
export const readNullable = <T>(claimed: unknown, item: (claimed: unknown) => T): T | null =>
  claimed === null ? null : item(claimed);

function guarded<T>(build: () => T, what: string): T {
  try {
    return build();
  } catch (fault) {
    if (isRefusal(fault)) throw fault;
    throw refuse('input.not-json', { what }, fault);
  }
}

// The details of a history entry: how they are written, and how they are read again. What is written is bounded and plain, whatever the
// refusal or form it came from: no control or direction characters, no mail address, no text without end. What is read is a row: nothing
// in it is believed to be there.
import type { JsonObject } from '#lib/server/db/transaction.ts';

export type Details = Record<string, unknown>;

const charactersMost = 500;
/** What people wrote in several lines (core/words.ts) stands there whole. */
const wordsCharactersMost = 2000;
const entriesMost = 200;

/**
 * A text as history keeps it. Control, formatting (direction) and private characters become spaces, mail addresses a word in brackets;
 * what is longer than `most` characters is cut. Never throws.
 */
export function plainText(hostile: string, most: number = charactersMost): string {
  const plain = hostile
    .slice(0, 4 * most)
    .normalize('NFC')
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[^\s<>“”"']+@[^\s<>“”"']+/gu, '(address)');
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
}

/** Details as they are written: each text in them plain, lists bounded. */
export function plainDetails(details: JsonObject): JsonObject {
  const written = Object.entries(details).map(([name, value]) => [name, plainValue(value, name)] as const);
  return Object.fromEntries(written) as JsonObject;
}

function plainValue(value: unknown, name: string): unknown {
  if (typeof value === 'string') return plainText(value, name === 'words' ? wordsCharactersMost : charactersMost);
  if (Array.isArray(value)) return value.slice(0, entriesMost).map((one) => plainValue(one, ''));
  return value;
}

/** The details of a row; anything but an object is none. */
export const readDetails = (value: unknown): Details =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Details) : {};

/** A text of this name, or null. */
export const textIn = (details: Details, name: string): string | null =>
  typeof details[name] === 'string' ? details[name] : null;

/** A number of this name, or null. */
export const numberIn = (details: Details, name: string): number | null =>
  typeof details[name] === 'number' ? details[name] : null;

/** The texts of a list of this name; none where it is something else. */
export function listIn(details: Details, name: string): string[] {
  const value = details[name];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

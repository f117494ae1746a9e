// The description of a release (what people call its README): its text, and what it says it is written in (core metadata, “Description-Content-Type”;
// PEP 566). Both are hostile: the type is one of three or a reason why it is none, and the text is only text.
import type { CoreMetadata } from './metadata.ts';

export type DescriptionType = {
  readonly kind: 'markdown' | 'rst' | 'plain';
  /** Why it is shown as it stands although it says something else; null: it says what it is. */
  readonly problem: string | null;
};

const kinds = new Map([
  ['text/markdown', 'markdown'],
  ['text/x-rst', 'rst'],
  ['text/plain', 'plain'],
] as const);

/** What a Description-Content-Type says. Not given: reStructuredText, as the specification has it. Never throws. */
export function readDescriptionType(claimed: string | null): DescriptionType {
  if (claimed === null || claimed.trim() === '') return { kind: 'rst', problem: null };
  const [type = '', ...parameters] = claimed.split(';').map((part) => part.trim());
  const kind = kinds.get(type.toLowerCase() as 'text/plain');
  if (kind === undefined) return plain('its Description-Content-Type is none of the three that exist');
  const values = new Map(parameters.map(readParameter));
  if (!/^utf-8$/i.test(values.get('charset') ?? 'utf-8')) return plain('its charset is not UTF-8');
  if (kind === 'markdown' && !/^(?:gfm|commonmark)$/i.test(values.get('variant') ?? 'gfm'))
    return plain('its variant of Markdown is none of the two that exist');
  return { kind, problem: null };
}

function readParameter(text: string): [name: string, value: string] {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
}

const plain = (problem: string): DescriptionType => ({ kind: 'plain', problem });

/** The text as its author wrote it: a Description header of old tools is indented below itself. `most`: characters that are kept. */
export function readDescription(
  { description, headers }: Pick<CoreMetadata, 'description' | 'headers'>,
  most: number,
): { text: string; left: number } {
  const isHeader = headers.get('description')?.[0] === description && description !== '';
  const whole = isHeader ? description.replace(/\n(?: {7}\|| {8})/g, '\n') : description;
  // A zero character is kept by no database.
  const text = whole.slice(0, most).replaceAll('\0', '\u{FFFD}').replace(/^\n+/, '').trimEnd();
  return { text, left: Math.max(0, whole.length - most) };
}

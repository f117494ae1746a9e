'use client';
// What a pressed key means, if anything. Keys with Ctrl, Alt or the command key belong to the browser; keys in a field belong to the field, and
// those in an open dialog to the dialog.

/** The part of the front page through which `j` and `k` move (app/(home)/desk.tsx). */
export const queueId = 'needs-you';

export type Wish = { kind: 'list' } | { kind: 'go'; to: 'q' | 'd' | 'a' } | { kind: 'move'; by: 1 | -1 };

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'target'>;

const fields = 'input, textarea, select, [contenteditable], dialog[open]';

const wishes = new Map<string, Wish>([
  ['?', { kind: 'list' }],
  ['j', { kind: 'move', by: 1 }],
  ['k', { kind: 'move', by: -1 }],
]);

const places = new Map<string, Wish>([
  ['q', { kind: 'go', to: 'q' }],
  ['d', { kind: 'go', to: 'd' }],
  ['a', { kind: 'go', to: 'a' }],
]);

/** `before`: the key that was pressed last. null: the key means nothing here. */
export function readKey({ key, ctrlKey, altKey, metaKey, target }: Pressed, before: string): Wish | null {
  if (ctrlKey || altKey || metaKey || isField(target)) return null;
  return (before === 'g' ? places : wishes).get(key) ?? null;
}

const isField = (target: EventTarget | null): boolean =>
  target !== null && 'closest' in target && (target as Element).closest(fields) !== null;

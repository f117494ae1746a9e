// What a pressed key means: little, and nothing where somebody types or the browser has a meaning of its own.
import { expect, test } from 'vitest';
import { readKey } from '#components/ui/shortcut-keys.client.ts';

const pressed = (key: string, more: object = {}) => ({
  ...{ key, ctrlKey: false, altKey: false, metaKey: false, target: null },
  ...more,
});
const inside = (place: string | null) => ({ target: { closest: () => place } as unknown as EventTarget });

test('single keys show the list and move through the queue; `g` and a letter go to a place', () => {
  expect(readKey(pressed('?'), '')).toEqual({ kind: 'list' });
  expect(readKey(pressed('j'), 'k')).toEqual({ kind: 'move', by: 1 });
  expect(readKey(pressed('k'), '')).toEqual({ kind: 'move', by: -1 });
  expect(readKey(pressed('q'), 'g')).toEqual({ kind: 'go', to: 'q' });
  expect(readKey(pressed('q'), '')).toBeNull();
  expect(readKey(pressed('j'), 'g')).toBeNull();
  expect(readKey(pressed('constructor'), 'g')).toBeNull();
});

test('a key in a field, or with Ctrl, Alt or the command key, means nothing here', () => {
  expect(readKey(pressed('j', inside('input')), '')).toBeNull();
  expect(readKey(pressed('j', inside(null)), '')).toEqual({ kind: 'move', by: 1 });
  for (const modifier of ['ctrlKey', 'altKey', 'metaKey'])
    expect(readKey(pressed('j', { [modifier]: true }), '')).toBeNull();
});

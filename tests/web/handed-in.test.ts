// What a signing panel hands in: every upload is answered by itself, and nothing is silently lost.
import { describe, expect, test, vi } from 'vitest';
import { refuse } from '#lib/core/errors.ts';
import { handIn } from '#lib/next/handed-in.ts';
import { refusalOf } from '../support/pgp.ts';

vi.mock('server-only', () => ({}));

const counted = (says: string) => Promise.resolve([{ result: 'counted' as const, says }]);

function formOf(files: [string, string][], fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, text] of files) form.append('signature', new File([text], name));
  for (const [name, text] of Object.entries(fields)) form.set(name, text);
  return form;
}

test('each file and the pasted text go to the command by themselves, with the way they came', async () => {
  const taken: [string, string][] = [];
  const form = formOf(
    [
      ['a.asc', 'first'],
      ['b.sig', 'second'],
    ],
    { pasted: ' third ', way: 'upload' },
  );
  const { results } = await handIn(form, (bytes, way) => {
    taken.push([new TextDecoder().decode(bytes), way]);
    return counted('Signed.');
  });
  expect(taken).toEqual([
    ['first', 'upload'],
    ['second', 'upload'],
    ['third\n', 'paste'],
  ]);
  expect(results.map(({ name }) => name)).toEqual(['a.asc', 'b.sig', 'The pasted signature']);
});

test('a signature made in the browser is known as such', async () => {
  const ways: string[] = [];
  await handIn(formOf([], { pasted: 'armor', way: 'browser' }), (_, way) => {
    ways.push(way);
    return counted('Signed.');
  });
  expect(ways).toEqual(['browser']);
});

test('a refused upload is answered with its sentence and does not lose the others', async () => {
  const form = formOf([
    ['key.asc', 'a public key'],
    ['good.asc', 'a signature'],
  ]);
  const { results } = await handIn(form, (bytes) =>
    bytes.length === 12 ? Promise.reject(refuse('signature.is-public-key', {})) : counted('Signed by ada.'),
  );
  expect(results.map(({ name, counts }) => [name, counts])).toEqual([
    ['key.asc', false],
    ['good.asc', true],
  ]);
  expect(results[0]?.sentence).toContain('public key');
});

describe('before any command is asked, it refuses', () => {
  const never = () => Promise.reject(new Error('was asked'));

  test('a form without a signature', async () => {
    expect(await refusalOf(() => handIn(formOf([]), never))).toBe('input.missing');
    expect(await refusalOf(() => handIn(formOf([['empty.asc', '']], { pasted: '  ' }), never))).toBe('input.missing');
  });

  test('a file of more than 64 KiB', async () => {
    const form = formOf([['large.asc', 'x'.repeat(64 * 1024 + 1)]]);
    expect(await refusalOf(() => handIn(form, never))).toBe('signature.too-large');
  });

  test('more than sixteen uploads', async () => {
    const files = Array.from({ length: 17 }, (_, at): [string, string] => [`${at}.asc`, 'x']);
    expect(await refusalOf(() => handIn(formOf(files), never))).toBe('signature.too-many');
  });
});

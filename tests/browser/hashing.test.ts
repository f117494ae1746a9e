// Hashing before signing, in Node: the code that runs in the hashing worker, and the comparison with what the statement binds.
import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { compareFiles, differingGroups } from '#lib/browser/compare-files.ts';
import { resumeHashing, startHashing } from '#lib/browser/hashing.ts';

const sha256 = (...parts: Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

test('a file hashes to the same in chunks of any size, and each tail to what follows the file', async () => {
  const file = randomBytes(300_001);
  const tails = [randomBytes(41), new Uint8Array(0), randomBytes(130)];
  for (const step of [1009, 65_536, 300_001]) {
    const { update, finish } = await startHashing();
    for (let at = 0; at < file.length; at += step) update(file.subarray(at, at + step));
    const digest = finish();
    expect(digest).toMatchObject({ sha256: sha256(file), bytes: file.length });
    const resumed = await resumeHashing(digest.state);
    expect(resumed.sha256).toBe(digest.sha256);
    // Each tail begins behind the file, not behind the tail before it.
    expect(tails.map((tail) => Buffer.from(resumed.withTail(tail)).toString('hex'))).toEqual(
      tails.map((tail) => sha256(file, tail)),
    );
  }
});

test('an empty file has a digest too', async () => {
  expect((await startHashing()).finish()).toMatchObject({ sha256: sha256(), bytes: 0 });
});

const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
const release = [
  { name: 'one.whl', sha256: a },
  { name: 'two.tar.gz', sha256: b },
];

test.each([
  ['the same', [...release], ['same', 'same']],
  ['another content', [{ name: 'one.whl', sha256: c }, release[1]], ['differs', 'same']],
  [
    'a swapped content',
    [
      { name: 'one.whl', sha256: b },
      { name: 'two.tar.gz', sha256: a },
    ],
    ['differs', 'differs'],
  ],
  ['one too few', [release[0]], ['same', 'missing']],
  ['one too many', [...release, { name: 'notes.txt', sha256: c }], ['same', 'same', 'extra']],
  [
    'the same content under another name',
    [release[0], { name: 'TWO.tar.gz', sha256: b }],
    ['same', 'missing', 'extra'],
  ],
  ['one name twice, once with another content', [...release, { name: 'one.whl', sha256: c }], ['differs', 'same']],
  ['nothing', [], ['missing', 'missing']],
])('files compare by name and content: %s', (_, given, states) => {
  const compared = compareFiles(
    release,
    given.flatMap((file) => file ?? []),
  );
  expect(compared.map(({ state }) => state)).toEqual(states);
});

test('the groups in which two digests differ are marked, and no others', () => {
  const marks = differingGroups(a, `${'a'.repeat(8)}aaba${'a'.repeat(52)}`).map(({ differs }) => differs);
  expect(marks.flatMap((differs, at) => (differs ? [at] : []))).toEqual([2]);
});

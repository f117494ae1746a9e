// Where a release stands, as one sentence.
import { expect, test } from 'vitest';
import { sayProgress } from '#components/draft/say-progress.ts';

const standing = { signed: 0, required: 2, couldStillSign: ['ada', 'bo', 'chi'], state: 'draft' };

test.each([
  [{}, '0 of 2 signed; 2 more are needed, of ada, bo or chi.'],
  [{ signed: 1, couldStillSign: ['bo', 'chi'] }, '1 of 2 signed; bo or chi can complete it.'],
  [{ signed: 1, couldStillSign: ['bo'] }, '1 of 2 signed; bo can complete it.'],
  [{ signed: 2, couldStillSign: ['chi'] }, '2 of 2 signed.'],
])('says how many signed and who can complete it: %o', (given, sentence) => {
  expect(sayProgress({ ...standing, ...given })).toBe(sentence);
});

test('says so where too few can sign for the release ever to be complete', () => {
  expect(sayProgress({ ...standing, couldStillSign: ['ada'] })).toBe(
    '0 of 2 signed; 2 more are needed and only ada can sign now, so it cannot be completed yet.',
  );
  expect(sayProgress({ ...standing, signed: 1, couldStillSign: [] })).toContain('nobody else has a key');
});

test('a draft that ended waits for nobody', () => {
  expect(sayProgress({ ...standing, signed: 1, state: 'withdrawn' })).toBe('It ended with 1 of 2 signatures.');
  expect(sayProgress({ ...standing, state: 'expired' })).toBe('It ended with 0 of 2 signatures.');
});

// Which release a new one is compared with.
import { describe, expect, test } from 'vitest';
import { chooseBase } from '#lib/changes/base-release.ts';
import { readVersion } from '#lib/core/ids.ts';

/** `1.0!`: yanked. */
const choose = (version: string, ...published: string[]): string | null =>
  chooseBase(
    readVersion(version),
    published.map((one) => ({ version: readVersion(one.replace('!', '')), isYanked: one.endsWith('!') })),
  )?.version ?? null;

describe('the release that a new one is compared with', () => {
  test.each<[string, string, string[], string | null]>([
    ['nothing, where nothing was published', '1.0', [], null],
    ['never the same version in another spelling', '1.0', ['1.0.0'], null],
    ['the greatest before it by PEP 440, not by letters or dates', '1.11', ['1.10', '1.9', '1.2'], '1.10'],
    ['for a fix of an older line the one before it in that line', '1.0.5', ['2.0', '1.0.4', '1.1'], '1.0.4'],
    ['for a final release the final one before it', '2.0', ['2.0rc1', '1.9'], '1.9'],
    ['for a pre-release whatever stands before it', '2.0rc2', ['2.0rc1', '1.9'], '2.0rc1'],
    ['a pre-release, where no final one stands before it', '2.0', ['2.0a1', '2.0rc1'], '2.0rc1'],
    ['the lowest above it, where nothing stands before it', '0.9', ['2.0', '1.0'], '1.0'],
    ['not one that was yanked: a bad release is no measure', '1.2', ['1.1!', '1.0'], '1.0'],
    ['not one that was yanked, even where all others stand above it', '1.1', ['1.0!', '1.2'], '1.2'],
    ['a yanked one, where there is no other', '1.2', ['1.1!', '1.0!'], '1.1'],
  ])('is %s', (_, version, published, expected) => {
    expect(choose(version, ...published)).toBe(expected);
  });
});

// Folders that are dropped on a file field, with a stand-in for what the browser gives.
import { expect, test } from 'vitest';
import { droppedFiles } from '#lib/browser/dropped-files.ts';

type Entry = { isFile: boolean; isDirectory: boolean };
type Dropped = Parameters<typeof droppedFiles>[0];

const file = (name: string): File => new File([name], name);
const fileEntry = (name: string) => ({
  ...{ isFile: true, isDirectory: false },
  file: (take: (found: File) => void) => take(file(name)),
});
const lost = { isFile: true, isDirectory: false, file: (_take: unknown, fail: () => void) => fail() };

/** A folder answers in portions of two, then with nothing. */
function folder(...inside: Entry[]) {
  const createReader = () => {
    let at = 0;
    return { readEntries: (take: (some: Entry[]) => void) => take(inside.slice(at, (at += 2))) };
  };
  return { isFile: false, isDirectory: true, createReader };
}

const drop = (files: File[], entries: (Entry | null)[]): Dropped =>
  ({ files, items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })) }) as unknown as Dropped;

const namesOf = async (dropped: Dropped) => (await droppedFiles(dropped)).map(({ name }) => name);

test('files that are dropped are taken as they are', async () => {
  expect(await namesOf(drop([file('one.whl')], [fileEntry('one.whl')]))).toEqual(['one.whl']);
  expect(await namesOf(drop([file('one.whl')], [null]))).toEqual(['one.whl']);
});

test('a dropped folder gives all its files, however many and however deep', async () => {
  const inside = ['a', 'b', 'c', 'd', 'e'].map(fileEntry);
  const dropped = drop([file('dist')], [folder(...inside, folder(fileEntry('deep'))), fileEntry('beside')]);
  expect(await namesOf(dropped)).toEqual(['a', 'b', 'c', 'd', 'e', 'deep', 'beside']);
});

test('what cannot be read in a folder is left out, and the rest comes', async () => {
  expect(await namesOf(drop([], [folder(lost, fileEntry('a'))]))).toEqual(['a']);
});

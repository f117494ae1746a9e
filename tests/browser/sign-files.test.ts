// Signatures over the files themselves, in Node: made from digests alone, they count over the files, and another content gets none.
import { expect, test } from 'vitest';
import { makeDeviceKey } from '#lib/browser/device-key.ts';
import { startHashing } from '#lib/browser/hashing.ts';
import type { hashFile } from '#lib/browser/hash-file.ts';
import { signFiles } from '#lib/browser/sign-files.ts';
import { bytesOf, noon, reasonsFor, refusalOf } from '../support/pgp.ts';

const { key, bytes } = await makeDeviceKey('ada (a browser)', noon);
const contents: Record<string, Uint8Array> = { 'one.whl': bytesOf('one'), 'two.tar.gz': bytesOf('two') };

const digestOf = async (name: string, tails: readonly Uint8Array[] = []) => {
  const { update, finish } = await startHashing();
  update(contents[name] ?? bytesOf(''));
  return finish(tails);
};
const hash: typeof hashFile = ({ name }, options) => digestOf(name, options?.tails);
const file = async (name: string) => ({
  ...{ name, size: 3, path: `/drafts/x/files/${name}` },
  sha256: (await digestOf(name)).sha256,
});
const wish = { key, now: noon, onFile: () => undefined, hash };

test('each file gets one signature, which counts over that file and over no other', async () => {
  const signature = bytesOf(await signFiles({ ...wish, files: [await file('one.whl'), await file('two.tar.gz')] }));
  const over = async (name: string) => reasonsFor({ signature, keys: [bytes], data: contents[name] ?? bytesOf('') });
  const [one, two] = [await over('one.whl'), await over('two.tar.gz')];
  expect([one[0], two[1]]).toEqual([null, null]);
  expect([one[1], two[0]]).not.toContain(null);
});

test('nothing is signed if the server gives another file than the statement binds', async () => {
  const other = { ...(await file('one.whl')), sha256: (await digestOf('two.tar.gz')).sha256 };
  expect(await refusalOf(() => signFiles({ ...wish, files: [other] }))).toBe('check.differs');
});

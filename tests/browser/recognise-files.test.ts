// Files told apart before a byte is sent.
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { recogniseFiles, requireNoPrivateKey, signedNameOf } from '#lib/browser/recognise-files.ts';
import { refusalOf, vector } from '../support/pgp.ts';

const file = (name: string, bytes: Uint8Array | string): File =>
  new File([typeof bytes === 'string' ? bytes : Uint8Array.from(bytes)], name);

const wheel = file('demo-1.0-py3-none-any.whl', 'PK\x03\x04 and so on');
const sdist = file('demo-1.0.tar.gz', gzipSync('a source distribution'));

test('a private key is refused before anything is sent, whatever it is called', async () => {
  for (const name of ['ada.private.asc', 'ada.private.gpg']) {
    for (const claimed of ['demo-1.0.tar.gz', 'public.asc', 'key.txt']) {
      const files = [wheel, file(claimed, vector(name))];
      expect(await refusalOf(() => requireNoPrivateKey(files))).toBe('upload.private-key');
      expect(await refusalOf(() => recogniseFiles(files))).toBe('upload.private-key');
    }
  }
});

test('distributions are known by what they hold, not by their name alone', async () => {
  const [first, second, fake] = await recogniseFiles([wheel, sdist, file('fake-1.0-py3-none-any.whl', 'no zip')]);
  expect(first).toMatchObject({ words: 'a wheel', fits: true });
  expect(second).toMatchObject({ words: 'a source distribution', fits: true });
  expect(fake).toMatchObject({ kind: 'other', fits: false });
});

test('a signature is paired with the file that it is named after', async () => {
  const [, paired, single] = await recogniseFiles([
    sdist,
    file('demo-1.0.tar.gz.asc', vector('ada.asc')),
    file('statement.sig', vector('ada.sig')),
  ]);
  expect(paired).toMatchObject({ kind: 'signature', words: 'a signature over demo-1.0.tar.gz', fits: true });
  expect(single).toMatchObject({ kind: 'signature', fits: true });
  expect(single?.words).toContain('the server finds out');
});

test('a public key among the files of a release is named as what it is', async () => {
  const [key] = await recogniseFiles([file('ada.asc', vector('ada.key.asc'))]);
  expect(key).toMatchObject({ kind: 'certificate', fits: false });
  expect(key?.words).toContain('a public key');
});

test('only the endings of signatures are taken off a name', () => {
  expect(signedNameOf('demo-1.0.tar.gz.asc')).toBe('demo-1.0.tar.gz');
  expect(signedNameOf('demo-1.0.tar.gz.SIG')).toBe('demo-1.0.tar.gz');
  expect(signedNameOf('demo-1.0.tar.gz')).toBeNull();
  expect(signedNameOf('.asc')).toBeNull();
});

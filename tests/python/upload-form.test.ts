// What a tool says of a file beside what the file says (docs/formats/legacy-upload.md): every difference is refused, what is not asked is not looked at.
import { describe, expect, it } from 'vitest';
import { readSha256 } from '#lib/core/ids.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import { readUploadForm, requireFormOfFile, requireFormOfName } from '#lib/python/upload-form.ts';

const sha256 = 'ab'.repeat(32);
const good = {
  ':action': 'file_upload',
  protocol_version: '1',
  name: 'Sun.Rise',
  version: '1.2.0',
  filetype: 'bdist_wheel',
  pyversion: 'py3',
  sha256_digest: sha256,
};
const formOf = (changed: Record<string, string | undefined> = {}) =>
  readUploadForm(
    new Map(
      Object.entries({ ...good, ...changed }).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  );
const wheel = readDistributionName('sun_rise-1.2.0-py3-none-any.whl');
const sdist = readDistributionName('sun_rise-1.2.0.tar.gz');
const refusing = (code: string): unknown => expect.objectContaining({ code });

describe('a form of twine or uv', () => {
  it('is read into what it says', () => {
    expect(formOf({ requires_python: ' >=3.10 ', md5_digest: 'CD'.repeat(16) })).toEqual({
      ...{ project: 'sun-rise', version: '1.2.0', kind: 'wheel', pythonTag: 'py3', requiresPython: '>=3.10' },
      digests: { sha256, blake2b256: null, md5: 'cd'.repeat(16) },
    });
    expect([formOf(), formOf({ requires_python: '' })]).toMatchObject([
      { requiresPython: null },
      { requiresPython: null },
    ]);
  });

  it.each([
    [{ ':action': 'submit' }, 'upload.not-legacy'],
    [{ ':action': undefined }, 'upload.not-legacy'],
    [{ protocol_version: '2' }, 'upload.not-legacy'],
    [{ filetype: 'bdist_egg' }, 'upload.not-legacy'],
    [{ filetype: 'constructor' }, 'upload.not-legacy'],
    [{ sha256_digest: undefined }, 'upload.not-legacy'],
    [{ sha256_digest: 'ab' }, 'upload.not-legacy'],
    [{ md5_digest: 'x'.repeat(32) }, 'upload.not-legacy'],
    [{ name: undefined }, 'distribution.project-name'],
    [{ name: 'a/../b' }, 'distribution.project-name'],
    [{ version: 'new' }, 'distribution.version'],
    [{ version: '1.0+local' }, 'distribution.local-version'],
  ])('is refused with %j', (changed, code) => {
    expect(() => formOf(changed)).toThrow(refusing(code) as Error);
  });

  it.each([
    ['another project', {}, readDistributionName('moonrise-1.2.0-py3-none-any.whl')],
    ['another version', { version: '1.2.1' }, wheel],
    ['an sdist', {}, sdist],
    ['a wheel', { filetype: 'sdist', pyversion: 'source' }, wheel],
    ['another Python', { pyversion: 'py2.py3' }, wheel],
    ['no Python for a wheel', { pyversion: '' }, wheel],
    ['a Python for an sdist', { filetype: 'sdist', pyversion: 'py3' }, sdist],
  ])('does not fit the name of %s', (_, changed, name) => {
    expect(() => requireFormOfName(formOf(changed), name)).toThrow(refusing('upload.says-other') as Error);
  });

  it('fits the names that spell the same', () => {
    requireFormOfName(formOf({ version: 'v1.2' }), wheel);
    requireFormOfName(formOf({ filetype: 'sdist', pyversion: 'source' }), sdist);
    requireFormOfName(formOf({ filetype: 'sdist', pyversion: '' }), sdist);
  });

  it('is compared with what was found in the file', () => {
    const file = { name: wheel.fileName, requiresPython: '>=3.10', blake2b256: readSha256('cd'.repeat(32)) };
    requireFormOfFile(formOf(), file);
    requireFormOfFile(formOf({ requires_python: '>=3.10', blake2_256_digest: 'cd'.repeat(32) }), file);
    const says = (changed: Record<string, string>) => () => requireFormOfFile(formOf(changed), file);
    expect(says({ requires_python: '>=3.9' })).toThrow(refusing('upload.says-other') as Error);
    expect(says({ blake2_256_digest: sha256 })).toThrow(refusing('upload.other-digest') as Error);
  });
});

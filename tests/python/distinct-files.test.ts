// Two files of one release that an installer would take for each other (python-index.md 5.3).
import { expect, test } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import { requireDistinctFiles } from '#lib/python/distinct-files.ts';

const wheel = 'demo-1.0-py3-none-any.whl';

function judge(...names: string[]): string {
  try {
    requireDistinctFiles(names.map((name, at) => ({ name, sha256: `digest ${at}` })));
    return 'accepted';
  } catch (fault) {
    if (isRefusal(fault)) return fault.code;
    throw fault;
  }
}

test.each([
  ['a wheel and an sdist', wheel, 'demo-1.0.tar.gz'],
  ['wheels for other Pythons', wheel, 'demo-1.0-py2.py3-none-any.whl'],
  ['wheels for other platforms', 'demo-1.0-cp312-cp312-win32.whl', 'demo-1.0-cp312-cp312-win_amd64.whl'],
  ['another build of a wheel', wheel, 'demo-1.0-1-py3-none-any.whl'],
])('%s stand beside each other', (_, ...names) => expect(judge(...names)).toBe('accepted'));

test.each([
  ['a second sdist in another spelling of the version', 'demo-1.0.tar.gz', 'demo-1.0.0.tar.gz'],
  ['a second sdist in another spelling of the name', 'demo-1.0.tar.gz', 'Demo-1.0.tar.gz'],
  ['a wheel in another spelling of the version', wheel, 'demo-1.0.0-py3-none-any.whl'],
  ['a wheel in other letters, one file on some systems', wheel, 'DEMO-1.0-py3-none-any.whl'],
  ['tags in another order', 'demo-1.0-py2.py3-none-any.whl', 'demo-1.0-py3.py2-none-any.whl'],
])('%s is refused', (_, ...names) => expect(judge(...names)).toBe('draft.two-alike'));

test('the same bytes under two names are refused', () => {
  const files = [wheel, 'demo-1.0-1-py3-none-any.whl'].map((name) => ({ name, sha256: 'one' }));
  expect(() => requireDistinctFiles(files)).toThrow('hold the same bytes');
});

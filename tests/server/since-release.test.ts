// What the mail that asks for a signature says against the newest release: kinds of files, Requires-Python, summary, size.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesSince } from '#lib/server/judge/since-release.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWorld } from '../support/story.ts';

const wheel = (tags: string, more: { size?: bigint; requiresPython?: string; summary?: string } = {}) => ({
  ...{ name: `sunrise-1.0-${tags}.whl`, kind: 'wheel', size: 1000n, requiresPython: '>=3.9', summary: 'Sunrise' },
  ...more,
});
const sdist = (version: string) => ({
  ...{ name: `sunrise-${version}.tar.gz`, kind: 'sdist', size: 1000n, requiresPython: '>=3.9', summary: 'Sunrise' },
});

describe('against the release before', () => {
  it('a draft of the same kinds of files changes nothing that we compare, whatever its version and names', () => {
    const before = [wheel('py3-none-any'), sdist('1.0')];
    const now = [{ ...wheel('py3-none-any'), name: 'sunrise-2.0-1-py3-none-any.whl', size: 1100n }, sdist('2.0')];
    expect(changesSince(before, now)).toEqual([
      'The same kinds of files, of about the same size; nothing else that we compare.',
    ]);
  });

  it('it says which kinds of files came and went, and what else differs', () => {
    const before = [wheel('py3-none-any'), sdist('1.0')];
    const now = [
      wheel('cp312-cp312-win_amd64', { requiresPython: '>=3.12', summary: 'Moonrise', size: 4000n }),
      wheel('cp312-cp312-macosx_11_0_arm64', { requiresPython: '>=3.12', summary: 'Moonrise', size: 4000n }),
    ];
    expect(changesSince(before, now)).toEqual([
      'There is a wheel for cp312-cp312-macosx_11_0_arm64; there was none.',
      'There is a wheel for cp312-cp312-win_amd64; there was none.',
      'There is no longer a wheel for py3-none-any.',
      'There is no longer an sdist.',
      'Requires-Python is “>=3.12”; it was “>=3.9”.',
      'The summary is “Moonrise”; it was “Sunrise”.',
      'All files together are 8.0 kB; they were 2.0 kB.',
    ]);
  });
});

describe('the mail that asks for a signature', () => {
  let runtime: TestRuntime;
  beforeAll(async () => {
    runtime = await openTestRuntime();
  });
  afterAll(() => runtime.close());

  it('says so for the first release, and names the newest one afterwards', async () => {
    const { ada, project } = await makeWorld();
    const textOf = async (version: string): Promise<string> => {
      const subject = { startsWith: `[${project}] ${version} needs your signature` };
      return (await runtime.db.mail.findFirstOrThrow({ where: { toPerson: 'bo', subject } })).text;
    };
    const { draft } = await makeDraft(ada, project, '1.0.0');
    expect(await textOf('1.0.0')).toContain('Nothing of this project was published here before.');
    await runtime.db.draft.update({
      where: { id: draft },
      data: { state: 'published', publishedAt: runtime.clock.now() },
    });
    await makeDraft(ada, project, '1.1.0');
    expect(await textOf('1.1.0')).toContain('Since 1.0.0, the newest release:\n\n  - The same kinds of files');
  });
});

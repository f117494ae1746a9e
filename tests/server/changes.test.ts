// What changed since the release before: made when a file comes, kept by digests, said in the mail that asks for a signature, and filled in by jobs. A comparison
// that cannot be made never keeps a release from anybody.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuse } from '#lib/core/errors.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { comparisonFiller } from '#lib/server/changes/fill-comparisons.ts';
import { draftChanges } from '#lib/server/queries/draft-changes.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { makeZip, metadataText, wheelFiles } from '../support/archives.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeWorld, storeUpload, visitor, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
});
afterAll(() => runtime.close());

const wheel = (version: string, more: string, files: Record<string, string>) => ({
  name: `sunrise-${version}-py3-none-any.whl`,
  bytes: makeZip(
    wheelFiles({
      files,
      info: `sunrise-${version}.dist-info`,
      metadata: metadataText({ name: 'sunrise', version, more }),
    }),
  ),
});

async function openWith(version: string, more: string, files: Record<string, string>): Promise<string> {
  const uploads = [await storeUpload(wheel(version, more, files))];
  return (await openDraft(world.ada.actor, { project: world.project, uploads, signatures: [] })).draft;
}

const publish = (draft: string) =>
  runtime.db.draft.update({ where: { id: draft }, data: { state: 'published', publishedAt: runtime.clock.now() } });

async function mailedFor(version: string): Promise<string> {
  const subject = { startsWith: `[${world.project}] ${version} needs your signature` };
  return (await runtime.db.mail.findFirstOrThrow({ where: { toPerson: 'bo', subject } })).text.replace(/\n +/g, ' ');
}

const changesOf = (draft: string, against: 'release' | 'revision' = 'release', file = 0) =>
  draftChanges(world.bo.actor, draft, { against, file });

const sayings = ({ lines }: { lines: { say: string }[] }): string[] => lines.map(({ say }) => say);

describe('what changed since the release before', () => {
  let draft: string;

  it('is said in the mail that asks for a signature; the first release says that there was none', async () => {
    const first = await openWith('1.0.0', '', { 'sunrise/__init__.py': 'x = 1\n' });
    expect(await mailedFor('1.0.0')).toContain('Nothing of this project was published here before.');
    await publish(first);
    const files = { 'sunrise/__init__.py': 'x = 2\n', 'evil.py': 'import os\n' };
    draft = await openWith('1.1.0', 'Requires-Dist: rich>=13\n', files);
    const text = await mailedFor('1.1.0');
    expect(text).toContain('What changed since 1.0.0:');
    expect(text).toContain('- New dependency: rich (>=13).');
    expect(text).toContain('- New at the top level, where it can be imported: evil.py.');
    expect(text).toContain('of its files 2 changed, 1 added');
  });

  it('stands on the page of the draft and in its details, for whoever may see the draft', async () => {
    const page = await draftPage(world.bo.actor, draft);
    expect(page.sinceRelease?.version).toBe('1.0.0');
    expect(page.description).toMatchObject({ kind: 'rst', text: 'Hello.', file: 'sunrise-1.1.0-py3-none-any.whl' });
    const changes = await changesOf(draft);
    expect(changes).toMatchObject({ against: '1.0.0', has: { release: true, revision: false } });
    expect(sayings(changes)).toContain('New dependency: rich (>=13).');
    expect(changes.details?.paths.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'added evil.py',
      'changed sunrise.dist-info/METADATA',
      'changed sunrise/__init__.py',
    ]);
    const wanted = { against: 'release' as const, file: 0 };
    await expect(draftChanges(visitor, draft, wanted)).rejects.toMatchObject({ code: 'person.sign-in-first' });
  });

  it('is made anew by jobs against a release that came out meanwhile, and between revisions', async () => {
    const waiting = await openWith('1.3.0', '', { 'sunrise/__init__.py': 'x = 3\n' });
    await publish(await openWith('1.2.0', '', { 'sunrise/__init__.py': 'x = 2\ny = 2\n' }));
    const awaited = 'sunrise-1.3.0-py3-none-any.whl: its comparison is not finished yet.';
    expect(await changesOf(waiting)).toMatchObject({ against: '1.2.0', details: null, lines: [{ say: awaited }] });
    const uploads = [await storeUpload(wheel('1.3.0', 'Keywords: x\n', { 'sunrise/__init__.py': 'x = 3\n' }))];
    await changeFiles(world.ada.actor, { draft: waiting, uploads, remove: [], signatures: [] });
    await comparisonFiller()();
    const since = await changesOf(waiting);
    expect(sayings(since)).toContain('Keywords is “x”; it was not given.');
    expect(since.details?.paths.map(({ path }) => path)).toContain('sunrise/__init__.py');
    const revised = await changesOf(waiting, 'revision');
    expect(revised.against).toBe('revision 1');
    expect(revised.details?.paths.map(({ path }) => path)).toEqual(['sunrise.dist-info/METADATA']);
  });

  // What could be compared is a help; who wants to hide a change must not be able to keep others from signing or from knowing.
  it('that cannot be told is said so, and the draft is open all the same', async () => {
    const { of } = runtime.inspector;
    const lost = () => Promise.reject(refuse('distribution.gave-out', { why: 'more than 20 seconds' }));
    runtime.inspector.of = (project) => ({ ...of(project), compare: lost });
    const opened = await openWith('1.4.0', '', { 'sunrise/__init__.py': 'x = 4\n' });
    runtime.inspector.of = of;
    expect(sayings(await changesOf(opened))[0]).toMatch(/^sunrise-1\.4\.0\S+: it could not be compared\. /);
    expect(await mailedFor('1.4.0')).toContain('it could not be compared.');
  });

  it('is not kept of what was refused', async () => {
    const count = async (): Promise<number[]> => [
      await runtime.db.fileComparison.count(),
      await runtime.db.fileDescription.count(),
    ];
    const before = await count();
    await expect(openWith('1.4.0', '', { 'sunrise/__init__.py': 'x = 5\n' })).rejects.toMatchObject({
      code: 'draft.already-open',
    });
    expect(await count()).toEqual(before);
  });
});

// What the checks find is kept with each file, stands on the page, in the mail and in the status, and can be set aside by an owner with a reason that
// everybody reads. It decides nothing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { ignoreFinding } from '#lib/server/commands/ignore-finding.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { regardFinding } from '#lib/server/commands/regard-finding.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { draftStatus } from '#lib/server/queries/draft-status.ts';
import { makeTarGzip, makeZip, metadataText, sdistFiles, wheelFiles } from '../support/archives.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeProject, makeWorld, storeUpload, visitor, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let draft: string;

const metadata = (more: string) => metadataText({ name: 'sunrise', version: '1.0', more }).replace('2.1', '2.2');
const wheel = (files: Record<string, string>) =>
  storeUpload({
    name: 'sunrise-1.0-py3-none-any.whl',
    bytes: makeZip(wheelFiles({ files, info: 'sunrise-1.0.dist-info', metadata: metadata('') })),
  });
const sdist = (more: string) =>
  storeUpload({
    name: 'sunrise-1.0.tar.gz',
    bytes: makeTarGzip(
      sdistFiles([], metadata(more)).map((file) => ({ ...file, path: file.path.replace('demo-1.0', 'sunrise-1.0') })),
    ),
  });

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  const files = { 'sunrise/__init__.py': '', 'sunrise.pth': 'import os\n', 'sunrise/.DS_Store': '' };
  const uploads = [await wheel(files), await sdist('Requires-Dist: rich\n')];
  draft = (await openDraft(world.ada.actor, { project: world.project, uploads, signatures: [] })).draft;
});
afterAll(() => runtime.close());

const said = async () =>
  (await draftPage(world.bo.actor, draft)).findings.list.map(({ code, file, ignored }) => [
    code,
    file,
    ignored?.reason,
  ]);
const told = { code: 'wheel.runs-at-start', place: 'sunrise.pth' };

describe('what the checks found', () => {
  test('stands on the page, the worst first, of each file and of all together', async () => {
    expect(await said()).toEqual([
      ['wheel.runs-at-start', 'sunrise-1.0-py3-none-any.whl', undefined],
      ['release.other-metadata', null, undefined],
      ['archive.left-over', 'sunrise-1.0-py3-none-any.whl', undefined],
    ]);
    const { findings } = await draftPage(world.bo.actor, draft);
    expect(findings).toMatchObject({ warnings: 2, notes: 1, ignored: 0, unchecked: 0, mayIgnore: false });
  });

  test('is in the mail that asks for a signature, and in the status', async () => {
    const { text } = await runtime.db.mail.findFirstOrThrow({ where: { toPerson: 'bo', event: 'draft.opened' } });
    expect(text).toContain('What the checks of the files found: 2 warnings, 1 note');
    expect(text.replace(/\s+/g, ' ')).toContain('run, at every start of Python.');
    const { checks } = await draftStatus(world.bo.actor, { draft });
    expect(checks).toMatchObject({ warnings: 2, notes: 1, uncheckedFiles: 0 });
    expect(checks.findings[0]).toMatchObject({
      ...{ severity: 'warning', code: told.code, where: told.place },
      ignored: null,
    });
  });

  test('is set aside by an owner alone, with a reason, for the revision that was looked at', async () => {
    const ignore = (actor: Parameters<typeof ignoreFinding>[0], over = {}) =>
      ignoreFinding(actor, { draft, ...told, reason: 'It only adds a path.', ...over });
    const refused: [Parameters<typeof ignoreFinding>[0], object, string][] = [
      [visitor, {}, 'person.sign-in-first'],
      [world.bo.actor, {}, 'person.may-not'],
      [world.ada.actor, { place: 'other.pth' }, 'finding.not-found'],
      [world.ada.actor, { code: 'wheel.executable' }, 'finding.not-found'],
      [world.ada.actor, { expectedRevision: 7 }, 'draft.moved-on'],
    ];
    for (const [actor, over, code] of refused) await expect(ignore(actor, over)).rejects.toMatchObject({ code });
    await expect(ignore(world.ada.actor, { reason: ' ' })).rejects.toThrow();
    expect(await runtime.db.ignoredFinding.count()).toBe(0);
    const mark = (await draftStatus(world.bo.actor, { draft })).mark;
    await ignore(world.ada.actor);
    expect((await said()).at(-1)).toEqual([told.code, 'sunrise-1.0-py3-none-any.whl', 'It only adds a path.']);
    expect(await draftStatus(world.bo.actor, { draft })).toMatchObject({
      mark: expect.not.stringMatching(mark),
      checks: { warnings: 1, ignored: 1 },
    });
    await expect(ignore(world.ada.actor)).rejects.toMatchObject({ code: 'finding.already-ignored' });
    expect(await runtime.db.historyEntry.count({ where: { kind: 'finding.ignored', draftId: draft } })).toBe(1);
  });

  test('stays set aside in the next revision, and comes back when that is taken back', async () => {
    const uploads = [await sdist('')];
    await changeFiles(world.ada.actor, { draft, uploads, remove: [], signatures: [] });
    expect((await said()).map(([code]) => code)).toEqual(['archive.left-over', 'wheel.runs-at-start']);
    const { id: ignored } = await runtime.db.ignoredFinding.findFirstOrThrow();
    await expect(regardFinding(world.bo.actor, { draft, ignored })).rejects.toMatchObject({ code: 'person.may-not' });
    await regardFinding(world.ada.actor, { draft, ignored });
    await expect(regardFinding(world.ada.actor, { draft, ignored })).rejects.toMatchObject({
      code: 'finding.not-found',
    });
    expect((await said()).map(([code]) => code)).toEqual(['wheel.runs-at-start', 'archive.left-over']);
  });

  test('names the earlier project of this instance that a newer one could be mistaken for, and not the other way', async () => {
    runtime.advance(1000);
    const project = await makeProject(world.ada, 'sunrize');
    const newer = (await makeDraft(world.ada, project, '1.0')).draft;
    const { findings } = await draftPage(world.ada.actor, newer);
    expect(findings.list.filter(({ code }) => code === 'release.near-name').map(({ say }) => say)).toEqual([
      '“sunrize” is not “sunrise”, which was on this index before it.',
    ]);
    expect((await said()).map(([code]) => code)).not.toContain('release.near-name');
  });

  test('of files from before it was kept is nothing, and that is said', async () => {
    await runtime.db.draftFile.updateMany({ where: { kind: 'wheel' }, data: { checks: null } });
    expect((await draftPage(world.ada.actor, draft)).findings).toMatchObject({
      list: [],
      unchecked: 1,
      mayIgnore: true,
    });
  });
});

// Which entry of the log a document is: history and mails say the number under which it stands in the log that is served.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProjectName } from '#lib/core/ids.ts';
import { widthOf } from '#lib/core/log.ts';
import { readNote } from '#lib/evidence/checkpoint.ts';
import { checkpointPath, entriesPath, readLogEntry, unpackEntries } from '#lib/evidence/log-tree.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { renderJsonLine } from '#lib/server/history/json-line.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';
import { addDraftRows, addProject, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo } from '../support/scene.ts';
import { visitor } from '../support/story.ts';

let world: TestRuntime;
let countersigner: Countersigner;
beforeEach(async () => {
  world = await openTestRuntime({ at: '2026-11-22T12:00:00Z' });
  countersigner = await startCountersigner();
});
afterEach(async () => {
  await countersigner.close();
  await world.close();
});

/** What the index serves as its log, entry by entry. */
function servedLog(): { path: string; sha256: string }[] {
  const read = (place: string) => readFileSync(path.join(indexFolder(), place));
  const { size } = readNote(read(checkpointPath)).checkpoint;
  return unpackEntries(read(entriesPath(0, widthOf(size, 0, 0)))).map((bytes) => readLogEntry(bytes));
}

describe('a document of the index', () => {
  beforeEach(async () => {
    await addProject();
    await addDraftRows([ada, bo]);
  });

  it('has the number in rows that it has in the log, however often the hand-back is placed', async () => {
    await countersigner.round();
    await placeHandbacks();
    const served = servedLog().map(({ path: place, sha256 }, index) => ({ index, path: place, sha256 }));
    expect(served.length).toBeGreaterThan(4);
    const select = { index: true, path: true, sha256: true };
    const kept = () => world.db.logEntry.findMany({ select, orderBy: { index: 'asc' } });
    expect(await kept()).toEqual(served);
    await world.db.handback.updateMany({ data: { state: 'posted', placedAt: null } });
    await placeHandbacks();
    expect(await kept()).toEqual(served);
  });

  it('is kept with its project, when it came, and the word for it that its own bytes say', async () => {
    await countersigner.round();
    await placeHandbacks();
    const select = { path: true, projectName: true, state: true, knownAt: true };
    const rows = await world.db.logEntry.findMany({ select, orderBy: { index: 'asc' } });
    const knownAt = new Date('2026-11-22T12:00:00Z');
    const policy = { path: 'evidence/demo/policy/1.json', projectName: 'demo', state: null, knownAt };
    const record = { path: 'evidence/demo/releases/1.0/1.json', projectName: 'demo', state: 'published', knownAt };
    const key = { path: 'keys/index.asc', projectName: null, state: null, knownAt };
    expect(rows).toEqual(expect.arrayContaining([policy, record, key]));
  });

  it('is named by that number in history, in its file, and in the mail about the release', async () => {
    await countersigner.round();
    await placeHandbacks();
    const record = servedLog().findIndex((entry) => entry.path === 'evidence/demo/releases/1.0/1.json');
    const { lines } = await historyOf(visitor, { project: readProjectName('demo') });
    const published = lines.find((line) => line.kind === 'release.published');
    expect(published?.evidence.map(({ what, logIndex }) => [what, logIndex])).toEqual([
      ['Record 1', record],
      ['Statement', undefined],
    ]);
    const line = published && (JSON.parse(renderJsonLine(published, 'https://sign.example.org')) as object);
    expect(line).toMatchObject({
      evidence: [
        { what: 'Record 1', log: record },
        { what: 'Statement', log: null },
      ],
    });
    const [mail] = await world.db.mail.findMany({ where: { event: 'release.published' } });
    expect(mail?.text).toMatch(new RegExp(`Log +entry ${record}\n`));
    expect(mail?.html).toContain(`entry ${record}`);
  });
});

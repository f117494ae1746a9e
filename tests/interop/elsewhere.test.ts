// A release of one index goes to a second instance of ourselves, over HTTP, through its upload door: into a draft there, never past it. What other servers
// answer stands in tests/server/elsewhere.test.ts; a foreign server cannot be had from Debian (docs/decisions/066-publish-elsewhere.md says which was tried by hand).
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readProjectName } from '#lib/core/ids.ts';
import { change } from '#lib/server/change.ts';
import { setOtherIndex } from '#lib/server/commands/set-other-index.ts';
import { sendElsewhere } from '#lib/server/commands/send-elsewhere.ts';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { deliverElsewhere } from '#lib/server/other-index/deliver.ts';
import { queueElsewhere } from '#lib/server/other-index/queue.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import type { FromSecond, ToSecond } from '../support/second-index.ts';
import { makeDraft, makeWheel, makeWorld, storeUpload, type World } from '../support/story.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';

type Opened = Extract<FromSecond, { kind: 'opened' }>;
type Seen = Extract<FromSecond, { kind: 'seen' }>;

const folder = mkdtempSync(path.join(tmpdir(), 'cs-elsewhere-'));
let child: ChildProcess;
let second: Opened;
let runtime: Runtime;
let team: World;

const nextFrom = <Kind extends FromSecond['kind']>(kind: Kind) =>
  new Promise<Extract<FromSecond, { kind: Kind }>>((resolve, reject) => {
    child.once('message', (message: FromSecond) => {
      if (message.kind === kind) resolve(message as Extract<FromSecond, { kind: Kind }>);
      else reject(new Error(`The second index said ${message.kind}.`));
    });
  });

beforeAll(async () => {
  const file = path.join(import.meta.dirname, '..', 'support', 'second-index.ts');
  child = fork(file, [path.join(folder, 'second')], { execArgv: ['--import', 'tsx'] });
  second = await nextFrom('opened');
  const environment = { WEBHOOK_HOSTS: second.host, PUBLIC_URL: 'https://sign.example.org' };
  runtime = await openRuntime(readConfig({ DATA_DIR: path.join(folder, 'first'), ...environment }));
  team = await makeWorld();
});
afterAll(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.send({ kind: 'close' } satisfies ToSecond);
  await ended;
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

const set = (token = second.token) =>
  setOtherIndex(team.ada.actor, {
    ...{ project: team.project, url: `http://${second.host}/legacy/`, simple: '' },
    ...{ username: '__token__', secret: token },
  });
async function look(version: string): Promise<Seen> {
  const seen = nextFrom('seen');
  child.send({ kind: 'look', version } satisfies ToSecond);
  return seen;
}
/** As the hand-back of the countersigner does it. */
async function publish(draft: string): Promise<void> {
  const now = runtime.clock.now();
  const { version, files } = await runtime.db.draft.update({
    where: { id: draft },
    data: { state: 'published', approvedAt: now, publishedAt: now },
    include: { files: true },
  });
  const project = readProjectName(team.project);
  const names = files.map(({ name, sha256 }) => ({ name, sha256, projectName: project, version, publishedAt: now }));
  await runtime.db.publishedFile.createMany({ data: names });
  await change({ kind: 'jobs' }, 'jobs', async (work) => {
    await queueElsewhere(work, project, draft);
    await work.record('release.published', { project });
  });
}
const rows = (draftId: string) => runtime.db.otherUpload.findMany({ where: { draftId }, orderBy: { fileName: 'asc' } });

let releases = 0;
let version: string;
beforeEach(() => {
  version = `7.${(releases += 1)}`;
});

describe('a release that is published here', () => {
  it('comes to a draft there byte for byte, and once', async () => {
    await set();
    const { draft } = await makeDraft(team.ada, team.project, version);
    expect(await deliverElsewhere()).toBe(0);
    expect(await look(version)).toMatchObject({ state: 'none' });
    await publish(draft);
    expect(await deliverElsewhere()).toBe(2);
    const files = await runtime.db.draftFile.findMany({ where: { draftId: draft }, orderBy: { name: 'asc' } });
    const sent = files.map(({ name, sha256 }) => ({ name, sha256 }));
    expect(await look(version)).toEqual({ kind: 'seen', state: 'draft', files: sent });
    // Somebody who lost the answer sends the same bytes again.
    await runtime.db.otherUpload.updateMany({ where: { draftId: draft }, data: { state: 'waiting', endedAt: null } });
    expect(await deliverElsewhere()).toBe(2);
    expect((await rows(draft))[0]?.says).toContain('was there already');
  });

  it('with other bytes under a name that is there fails loudly, and with a token that is none as well', async () => {
    await set();
    const first = await openDraft(team.ada.actor, {
      ...{ project: team.project, uploads: [await storeUpload(makeWheel(team.project, version))], signatures: [] },
    });
    await publish(first.draft);
    expect(await deliverElsewhere()).toBe(1);
    // Here the same name again with other bytes: made up, since no command allows it.
    const other = makeWheel(team.project, version, 'x = 2\n');
    const { stored } = await storeUpload(other);
    await runtime.db.draftFile.updateMany({ where: { draftId: first.draft }, data: { sha256: stored.sha256 } });
    await runtime.db.publishedFile.updateMany({ where: { name: other.name }, data: { sha256: stored.sha256 } });
    const { size } = stored;
    await runtime.db.draftFile.updateMany({ where: { draftId: first.draft }, data: { size } });
    await runtime.db.otherUpload.updateMany({
      where: { draftId: first.draft },
      data: { state: 'waiting', endedAt: null },
    });
    expect(await deliverElsewhere()).toBe(0);
    expect(await rows(first.draft)).toMatchObject([
      { state: 'failed', says: expect.stringMatching(/^400 /) as string },
    ]);
    await set('cst_wrong');
    await sendElsewhere(team.ada.actor, { project: team.project, version });
    expect(await deliverElsewhere()).toBe(0);
    expect(await rows(first.draft)).toMatchObject([
      { state: 'failed', says: expect.stringMatching(/^401 /) as string },
    ]);
  });
});

// A release that the countersigner has signed is published once, whatever people do at that moment and however many jobs put it in place: one state, one
// entry of history and of the log, one set of mails, one place for each file. On PostgreSQL in two app processes, on the embedded database in one; 200 rounds each
// in the long run. The countersigner is the real one, over HTTP.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { readProjectName, readVersion } from '#lib/core/ids.ts';
import { recordPath } from '#lib/simple/page.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { openApps, type Apps } from '../support/apps.ts';
import { startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { race } from '../support/race.ts';
import { ready, type Ready } from '../support/race-commands.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWheel, signBytes, signDraft, storeUpload, type TestPerson } from '../support/story.ts';
import { lookAtDraft, makeTeam, makeTeamProject, type Team } from '../support/team.ts';

let runtime: TestRuntime;
let apps: Apps;
let countersigner: Countersigner;
let team: Team;
let project: string;

beforeAll(async () => {
  runtime = await openTestRuntime();
  countersigner = await startCountersigner();
  apps = await openApps(runtime);
  team = await makeTeam();
  project = await makeTeamProject(team, 'sunrise');
});
afterAll(async () => {
  await apps.close();
  await countersigner.close();
  await runtime.close();
});

let drafts = 0;
const nextVersion = (): string => `1.${(drafts += 1)}.0`;
const reason = 'Built from the wrong branch.';

async function signing(person: TestPerson, draft: string): Promise<Ready> {
  const { bytes } = await statementBytes(person.actor, draft);
  const signature = await signBytes(person.key, bytes);
  return ready('addSignature', person.actor, { draft, signature, way: 'upload' });
}

async function lookAtRelease(draft: string, version: string): Promise<object> {
  const files = await runtime.db.publishedFile.count({ where: { projectName: project, version } });
  const waiting = await runtime.db.handback.count({ where: { state: 'posted' } });
  const logged = await runtime.db.logEntry.count({
    where: { path: recordPath(readProjectName(project), readVersion(version), 1) },
  });
  return { ...(await lookAtDraft(draft)), files, waiting, logged };
}

const once = (serial: object): void => {
  const history = Reflect.get(serial, 'history') as string[];
  expect(history.filter((line) => line.endsWith(' release.published'))).toHaveLength(1);
  expect(serial).toMatchObject({ drafts: [{ state: 'published' }], files: 2, waiting: 0, logged: 1 });
};

describe('a countersigned release is published once', () => {
  const against = (title: string, other: (draft: string, version: string) => Ready | Promise<Ready>): void =>
    race(
      title,
      () => apps,
      async () => {
        const version = nextVersion();
        const { draft } = await makeDraft(team.ada, project, version);
        for (const person of [team.ada, team.bo]) await signDraft(person, draft);
        const second = await other(draft, version);
        expect((await countersigner.round()).published).toEqual([`${project} ${version}`]);
        return { first: ready('placeHandbacks'), second, look: () => lookAtRelease(draft, version) };
      },
      once,
    );

  against('by two jobs that place it at once', () => ready('placeHandbacks'));
  against('while an owner withdraws it, who comes too late', (draft) =>
    ready('withdrawDraft', team.dee.actor, { draft, reason }),
  );
  against('while a maintainer declines it', (draft) => ready('declineDraft', team.chi.actor, { draft, reason }));
  against('while one more person signs it', (draft) => signing(team.chi, draft));
  against('while somebody opens another draft of its version', async (_, version) => {
    const uploads = [await storeUpload(makeWheel(project, version, 'x = 9\n'))];
    return ready('openDraft', team.bo.actor, { project, uploads, signatures: [] });
  });
});

describe('two last signatures at once', () => {
  race(
    'lead to one approval, one countersigned release, one entry and one set of mails',
    () => apps,
    async () => {
      const version = nextVersion();
      const { draft } = await makeDraft(team.ada, project, version);
      await signDraft(team.ada, draft);
      const look = async (): Promise<object> => {
        await countersigner.round();
        await placeHandbacks();
        return lookAtRelease(draft, version);
      };
      return { first: await signing(team.bo, draft), second: await signing(team.chi, draft), look };
    },
    once,
  );
});

// Reminders that meet something: two jobs programs, somebody who reminds by hand, somebody who signs or puts it off at that moment. It ends as if
// one had come after the other, and nobody is reminded twice. On PostgreSQL in two app processes, on the embedded database in one.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { openApps, type Apps } from '../support/apps.ts';
import { race } from '../support/race.ts';
import { ready, type Ready } from '../support/race-commands.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, signBytes } from '../support/story.ts';
import { makeTeam, makeTeamProject, type Team } from '../support/team.ts';

const twoDays = 2 * 86_400_000;
let runtime: TestRuntime;
let apps: Apps;
let team: Team;
let project: string;
let drafts = 0;

beforeAll(async () => {
  runtime = await openTestRuntime();
  apps = await openApps(runtime);
  team = await makeTeam();
  project = await makeTeamProject(team, 'sunrise');
});
afterAll(async () => {
  await apps.close();
  await runtime.close();
});

/** A draft by ada whose first reminders are due. */
async function dueDraft(): Promise<{ draft: string; version: string }> {
  const open = await runtime.db.draft.findMany({ where: { state: { in: ['draft', 'approved'] } } });
  for (const { id } of open) await withdrawDraft(team.ada.actor, { draft: id, reason: 'the next round' });
  const version = `1.${(drafts += 1)}.0`;
  const { draft } = await makeDraft(team.ada, project, version);
  runtime.advance(twoDays);
  return { draft, version };
}

async function lookAtReminders(draft: string, version: string): Promise<object> {
  const { db } = runtime;
  const rows = await db.reminder.findMany({ where: { draftId: draft } });
  const mails = await db.mail.findMany({ where: { event: 'draft.reminder', subject: { contains: `] ${version} ` } } });
  const history = await db.historyEntry.findMany({ where: { draftId: draft, kind: { not: 'change.refused' } } });
  return {
    reminders: rows.map(({ personName, kind, number }) => `${personName} ${kind} ${number}`).sort(),
    mails: mails.map(({ toPerson }) => toPerson).sort(),
    history: history.map(({ actor, kind }) => `${actor} ${kind}`).sort(),
  };
}

const atDueDraft = (
  title: string,
  sides: (draft: string) => Promise<[Ready, Ready]>,
  check: (serial: object) => void = mailedOnce,
): void =>
  race(
    title,
    () => apps,
    async () => {
      const { draft, version } = await dueDraft();
      const [first, second] = await sides(draft);
      return { first, second, look: () => lookAtReminders(draft, version) };
    },
    check,
  );

function mailedOnce(serial: object): void {
  const { mails } = serial as { mails: string[] };
  expect(mails).toEqual([...new Set(mails)]);
}

const jobs = (): Ready => ready('remindPeople');
const byHand = (draft: string, by: 'ada' | 'bo' = 'ada'): Ready => ready('remindNow', team[by].actor, { draft });

describe('reminders that are due', () => {
  atDueDraft(
    'are sent once by two jobs programs',
    async () => [jobs(), jobs()],
    (serial) => expect(serial).toMatchObject({ mails: ['ada', 'bo', 'chi', 'dee'] }),
  );

  atDueDraft('are not sent again by hand, nor after it', async (draft) => [jobs(), byHand(draft)]);

  atDueDraft('go to nobody who has put them off', async (draft) => [
    jobs(),
    ready('silenceDraft', team.bo.actor, { draft, wish: 'mute' }),
  ]);

  atDueDraft('go to nobody who has signed', async (draft) => {
    const { bytes } = await statementBytes(team.bo.actor, draft);
    const signature = await signBytes(team.bo.key, bytes);
    return [jobs(), ready('addSignature', team.bo.actor, { draft, signature, way: 'upload' })];
  });
});

describe('reminding by hand', () => {
  atDueDraft('by two people at once reaches each person once', async (draft) => [byHand(draft), byHand(draft, 'bo')]);
});

// Two people at a draft at once: each pair of things that can meet ends as if one had come after the other (threats.md, 39 to 41). On PostgreSQL in two
// app processes, on the embedded database in one; 200 rounds each in the long run.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { openApps, type Apps } from '../support/apps.ts';
import { race } from '../support/race.ts';
import { ready, type Ready } from '../support/race-commands.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  makeDraft,
  makePerson,
  makeWheel,
  signBytes,
  signDraft,
  storeUpload,
  type TestPerson,
} from '../support/story.ts';
import { acceptByRow, lookAt, lookAtDraft, makeTeam, makeTeamProject, type Team } from '../support/team.ts';

let runtime: TestRuntime;
let apps: Apps;
let team: Team;
let project: string;

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

const reason = 'Built from the wrong branch.';
let drafts = 0;
/** Each draft is another version of the one project. */
const nextVersion = (): string => `1.${(drafts += 1)}.0`;

async function signing(person: TestPerson, draft: string): Promise<Ready> {
  const { bytes } = await statementBytes(person.actor, draft);
  const signature = await signBytes(person.key, bytes);
  return ready('addSignature', person.actor, { draft, signature, way: 'upload' });
}

/** A race at a draft by ada, which these people have signed. */
const atDraft = (
  title: string,
  signers: () => TestPerson[],
  sides: (draft: string, version: string) => Promise<[Ready, Ready]>,
  check?: (serial: object) => void,
): void =>
  race(
    title,
    () => apps,
    async () => {
      const version = nextVersion();
      const { draft } = await makeDraft(team.ada, project, version);
      for (const person of signers()) await signDraft(person, draft);
      const [first, second] = await sides(draft, version);
      return { first, second, look: () => lookAtDraft(draft) };
    },
    check,
  );

const times = (serial: object, entry: string): number => JSON.stringify(serial).split(entry).length - 1;
/** One entry, one set of mails to the four. */
const approvedOnce = (serial: object): void => expect(times(serial, ' draft.approved"')).toBe(1 + 4);

describe('a last signature that meets', () => {
  atDraft(
    'another last one approves the draft exactly once',
    () => [team.ada],
    async (draft) => [await signing(team.bo, draft), await signing(team.chi, draft)],
    (serial) => {
      approvedOnce(serial);
      expect(serial).toMatchObject({ drafts: [{ state: 'approved', counted: expect.arrayContaining(['ada']) }] });
    },
  );

  atDraft(
    'the first one approves the draft exactly once, and both count',
    () => [],
    async (draft) => [await signing(team.bo, draft), await signing(team.chi, draft)],
    (serial) => expect(serial).toMatchObject({ answers: ['done', 'done'], drafts: [{ counted: ['bo', 'chi'] }] }),
  );

  atDraft(
    'itself, sent twice, is stored once and answered calmly both times',
    () => [team.ada],
    async (draft) => {
      const one = await signing(team.bo, draft);
      return [one, one];
    },
    (serial) => {
      approvedOnce(serial);
      expect(serial).toMatchObject({ answers: ['done', 'done'] });
    },
  );

  atDraft(
    'a replaced file counts for what was signed or not at all',
    () => [team.ada],
    async (draft, version) => {
      const uploads = [await storeUpload(makeWheel(project, version, 'x = 9\n'))];
      const change = ready('changeFiles', team.chi.actor, { draft, uploads, remove: [], signatures: [] });
      return [await signing(team.bo, draft), change];
    },
  );

  atDraft(
    'a withdrawal is in time or comes too late',
    () => [team.ada],
    async (draft) => [await signing(team.bo, draft), ready('withdrawDraft', team.dee.actor, { draft, reason })],
    (serial) => expect(serial).toMatchObject({ drafts: [{ state: 'withdrawn' }] }),
  );

  atDraft(
    'a decline leaves the draft held back',
    () => [team.ada],
    async (draft) => [await signing(team.bo, draft), ready('declineDraft', team.chi.actor, { draft, reason })],
  );

  atDraft(
    'a signature that is taken back counts one person more or less, never both',
    () => [team.ada],
    async (draft) => {
      const { id } = await runtime.db.signature.findFirstOrThrow({ where: { draftId: draft } });
      return [await signing(team.bo, draft), ready('takeBackSignature', team.ada.actor, { draft, signature: id })];
    },
  );

  race(
    'the loss of its key is in time or comes too late',
    () => apps,
    async (round) => {
      const eve = await makePerson(`eve-${round}`);
      const own = await makeTeamProject(team, `key-lost-${round}`);
      const admit = [await acceptByRow(own, team.ada, eve)];
      await changePolicy(team.ada, { project: own, admit }, team.ada, team.bo);
      const { draft } = await makeDraft(team.ada, own);
      await signDraft(team.ada, draft);
      const lost = ready('markKeyLost', eve.actor, { fingerprint: eve.key.fingerprint });
      return { first: await signing(eve, draft), second: lost, look: () => lookAt(own) };
    },
  );
});

describe('the same thing done twice at once', () => {
  const twice = (one: Ready): [Ready, Ready] => [one, one];

  atDraft(
    'withdraws a draft once, with one set of mails',
    () => [team.ada],
    async (draft) => twice(ready('withdrawDraft', team.dee.actor, { draft, reason })),
    (serial) => expect(times(serial, ' draft.withdrawn"')).toBe(4),
  );

  atDraft(
    'takes a signature back once',
    () => [team.ada],
    async (draft) => {
      const { id } = await runtime.db.signature.findFirstOrThrow({ where: { draftId: draft } });
      return twice(ready('takeBackSignature', team.ada.actor, { draft, signature: id }));
    },
    (serial) => expect(times(serial, 'signature.taken-back')).toBe(1),
  );

  atDraft(
    'declines a draft once',
    () => [team.ada],
    async (draft) => twice(ready('declineDraft', team.chi.actor, { draft, reason })),
    (serial) => expect(times(serial, 'draft.declined"')).toBe(4),
  );

  atDraft(
    'replaces a file once; the other one has nothing to change or has not seen the new revision',
    () => [team.ada],
    async (draft, version) => {
      const uploads = [await storeUpload(makeWheel(project, version, 'x = 9\n'))];
      const input = { draft, uploads, remove: [], signatures: [], expectedRevision: 1 };
      return twice(ready('changeFiles', team.chi.actor, input));
    },
    (serial) => expect(times(serial, 'file.replaced')).toBe(1),
  );
});

describe('drafts that are opened at once', () => {
  const lookAtVersion = async (version: string): Promise<object> => {
    const rows = await runtime.db.draft.findMany({
      where: { projectName: project, version },
      orderBy: { state: 'asc' },
    });
    return { drafts: await Promise.all(rows.map(({ id }) => lookAtDraft(id))) };
  };

  race(
    'are one draft where they are of one version; the other person is led to it',
    () => apps,
    async () => {
      const version = nextVersion();
      const uploads = [await storeUpload(makeWheel(project, version))];
      const open = (person: TestPerson): Ready =>
        ready('openDraft', person.actor, { project, uploads, signatures: [] });
      return { first: open(team.bo), second: open(team.chi), look: () => lookAtVersion(version) };
    },
    (serial) => expect(times(serial, 'draft.opened"')).toBe(1 + 3), // one entry, one set of mails
  );

  race(
    'find their version free or taken where it is withdrawn at the same time',
    () => apps,
    async () => {
      const version = nextVersion();
      const { draft } = await makeDraft(team.ada, project, version);
      const uploads = [await storeUpload(makeWheel(project, version))];
      return {
        first: ready('openDraft', team.bo.actor, { project, uploads, signatures: [] }),
        second: ready('withdrawDraft', team.ada.actor, { draft, reason }),
        look: () => lookAtVersion(version),
      };
    },
  );
});

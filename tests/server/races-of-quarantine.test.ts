// A published release that falls, and what brings it back, when things happen at once: the strike against the publication, two jobs, two people who
// sign it again. Each ends as one of the two serial orders. And what owners declare: a yank is prepared and signed once. On PostgreSQL in two app
// processes, on the embedded database in one; 200 rounds each in the long run.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { prepareDeclaration } from '#lib/server/commands/prepare-declaration.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { declarationBytes } from '#lib/server/queries/declaration-page.ts';
import { policyBytes } from '#lib/server/queries/policy-page.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { openApps, type Apps } from '../support/apps.ts';
import { startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { race, type Race } from '../support/race.ts';
import { ready, runHere, type Ready } from '../support/race-commands.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, signBytes, signDraft, signPolicy, type TestPerson } from '../support/story.ts';
import { lookAt, makeTeam, makeTeamProject, type Team } from '../support/team.ts';

let runtime: TestRuntime;
let apps: Apps;
let countersigner: Countersigner;
let team: Team;

beforeAll(async () => {
  runtime = await openTestRuntime();
  countersigner = await startCountersigner();
  apps = await openApps(runtime);
  team = await makeTeam();
});
afterAll(async () => {
  await apps.close();
  await countersigner.close();
  await runtime.close();
});

type Release = { project: string; draft: string };

/** A project of its own with an approved release, signed by ada and bo. */
async function approved(round: string): Promise<Release> {
  const project = await makeTeamProject(team, `sunrise-${round}`);
  const { draft } = await makeDraft(team.dee, project);
  for (const person of [team.ada, team.bo]) await signDraft(person, draft);
  return { project, draft };
}

/** Until the countersigner has nothing to say: it decides, and what it decided is in place. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    await countersigner.round();
    await placeHandbacks();
  }
}

async function published(round: string): Promise<Release> {
  const release = await approved(round);
  await settle();
  return release;
}

/** The last signature on a policy that strikes bo altogether. */
async function striking({ project }: Release): Promise<Ready> {
  const reason = 'Their laptop was stolen.';
  const remove = [{ name: 'bo', how: 'strike' as const, since: null, reason }];
  const { version } = await proposePolicy(team.ada.actor, { project, remove });
  await signPolicy(project, version, team.chi);
  const { bytes } = await policyBytes(team.ada.actor, project, version);
  const signature = await signBytes(team.ada.key, bytes);
  return ready('addPolicySignature', team.ada.actor, { project, version, signature, way: 'upload' });
}

async function signing(person: TestPerson, { draft }: Release): Promise<Ready> {
  const { bytes } = await statementBytes(person.actor, draft);
  const signature = await signBytes(person.key, bytes);
  return ready('addSignature', person.actor, { draft, signature, way: 'upload' });
}

const times = (serial: object, entry: string): number => JSON.stringify(serial).split(entry).length - 1;

/** A race at one release; what comes of it is looked at when the countersigner has had its say. */
const atRelease = (
  title: string,
  make: (round: string) => Promise<Release>,
  sides: (release: Release) => Promise<[Ready, Ready]>,
  check: (serial: object) => void,
): void =>
  race(
    title,
    () => apps,
    async (round): Promise<Race> => {
      const release = await make(round);
      const [first, second] = await sides(release);
      const look = async (): Promise<object> => {
        await settle();
        return lookAt(release.project);
      };
      return { first, second, look };
    },
    check,
  );

describe('a release whose signer is struck', () => {
  atRelease(
    'at the moment at which it is placed is published once and quarantined once',
    approved,
    async (release) => {
      await countersigner.round();
      return [ready('placeHandbacks'), await striking(release)];
    },
    (serial) => {
      expect(serial).toMatchObject({ drafts: [{ state: 'quarantined' }] });
      expect(times(serial, ' release.quarantined"')).toBeGreaterThan(0);
    },
  );

  atRelease(
    'is quarantined once by two jobs that place it at once',
    published,
    async (release) => {
      await runHere(await striking(release));
      await countersigner.round();
      return [ready('placeHandbacks'), ready('placeHandbacks')];
    },
    (serial) => expect(serial).toMatchObject({ drafts: [{ state: 'quarantined' }] }),
  );

  atRelease(
    'is back once, when two people sign it again at once',
    published,
    async (release) => {
      await runHere(await striking(release));
      await settle();
      return [await signing(team.chi, release), await signing(team.dee, release)];
    },
    (serial) => expect(serial).toMatchObject({ answers: ['done', 'done'], drafts: [{ state: 'published' }] }),
  );
});

describe('a yank', () => {
  const yank = { type: 'countersign/yank', version: '1.2.0', action: 'yank', reason: 'Deletes files.' } as const;

  atRelease(
    'that two owners prepare at once is prepared once',
    published,
    async ({ project }) => {
      const prepare = (owner: TestPerson): Ready => ready('prepareDeclaration', owner.actor, { project, wish: yank });
      return [prepare(team.ada), prepare(team.dee)];
    },
    (serial) => expect(times(serial, ' declaration.prepared"')).toBe(1),
  );

  atRelease(
    'that is signed twice at once is signed and placed once',
    published,
    async ({ project }) => {
      const { declaration } = await prepareDeclaration(team.ada.actor, { project, wish: yank });
      const { bytes } = await declarationBytes(team.ada.actor, project, declaration);
      const signature = await signBytes(team.ada.key, bytes);
      const sign = ready('signDeclaration', team.ada.actor, { project, declaration, signature, way: 'upload' });
      return [sign, sign];
    },
    (serial) => expect(serial).toMatchObject({ history: expect.arrayContaining(['(jobs) release.yanked']) }),
  );
});

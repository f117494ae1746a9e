// Tokens of people and projects (threats.md, 54 and 62): what each opens, when it ends, what is kept of it. Over HTTP: tests/web/api.test.ts.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectName } from '#lib/core/ids.ts';
import { rights, scopeRights, type Scope, type Verb } from '#lib/core/people.ts';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { leaveProject } from '#lib/server/commands/leave-project.ts';
import { makePersonToken, type MakePersonTokenInput } from '#lib/server/commands/make-person-token.ts';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { revokePersonToken } from '#lib/server/commands/revoke-person-token.ts';
import { revokeProjectToken } from '#lib/server/commands/revoke-project-token.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { readTokenActor, type TokenActor } from '#lib/server/judge/token.ts';
import { limits } from '#lib/server/limits.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';
import { personTokensPage } from '#lib/server/queries/person-tokens.ts';
import { programsPage } from '#lib/server/queries/programs-page.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  inviteAndAccept,
  changePolicy,
  makeDraft,
  makePerson,
  makeProject,
  makeWheel,
  makeWorld,
  signBytes,
  signPolicy,
  storeUpload,
  type TestPerson,
  type World,
} from '../support/story.ts';

let runtime: TestRuntime;
let team: World;
let eve: TestPerson;
let versions = 0;
let version: string;
let draft: string;

beforeAll(async () => {
  runtime = await openTestRuntime();
  team = await makeWorld();
  eve = await makePerson('eve');
  await makeProject(eve, 'elsewhere');
});
afterAll(() => runtime.close());
beforeEach(async () => {
  version = `5.${(versions += 1)}`;
  ({ draft } = await makeDraft(team.ada, team.project, version));
});

const wished = { name: 'laptop', scopes: ['queue', 'sign'], project: '', days: '30' };
const makeOwn = async (person: TestPerson, wish: Partial<MakePersonTokenInput> = {}): Promise<TokenActor> =>
  readTokenActor((await makePersonToken(person.actor, { ...wished, ...wish })).token);
const makeOfProject = async (person: TestPerson, kind: string): Promise<TokenActor> =>
  readTokenActor((await makeProjectToken(person.actor, { project: team.project, name: 'CI', kind })).token);
const ownersToken = (scope: Scope): Promise<TokenActor> =>
  scope === 'status' ? makeOfProject(team.ada, 'status') : makeOwn(team.ada, { scopes: [scope] });
const signed = async (): Promise<Uint8Array> => {
  const { statement } = await runtime.db.revision.findFirstOrThrow({ where: { draftId: draft } });
  return signBytes(team.bo.key, statement);
};
const upload = async (name = team.project, of = version) => storeUpload(makeWheel(name, of));

describe('a token opens nothing more', () => {
  it.each(Object.keys(scopeRights) as Scope[])(
    'than the rights of its scope, even where its maker owns the project: %s',
    async (scope) => {
      const token = await ownersToken(scope);
      const [ofDraft, ofProject]: Verb[][] = [[], []];
      for (const verb of Object.keys(rights) as Verb[]) {
        await findDraft(runtime.db, token, verb, draft).then(
          () => ofDraft?.push(verb),
          (fault: unknown) => expect(fault).toMatchObject({ code: 'token.not-for-this' }),
        );
        await requireRight(runtime.db, token, verb, team.project).then(
          () => ofProject?.push(verb),
          (fault: unknown) => expect(fault).toMatchObject({ code: 'token.not-for-this' }),
        );
      }
      expect(ofDraft?.sort()).toEqual([...scopeRights[scope]].sort());
      expect(ofProject?.sort()).toEqual(ofDraft);
    },
  );

  it('than its one project', async () => {
    const token = await makeOwn(team.ada, { scopes: ['sign', 'upload'], project: team.project });
    await makeProject(team.ada, 'apart');
    const apart = { project: 'apart', uploads: [await upload('apart')], signatures: [] };
    await expectRefusal(() => openDraft(token, apart), 'person.may-not');
    const { draft: there } = await openDraft(team.ada.actor, apart);
    await expectRefusal(
      () => changeFiles(token, { draft: there, uploads: [], remove: [], signatures: [] }),
      'draft.not-found',
    );
  });

  it('to somebody outside: a token of a stranger is answered as the stranger', async () => {
    const token = await makeOwn(eve, { scopes: ['sign', 'upload'] });
    const wish = { draft, signature: await signed(), way: 'api' as const };
    await expectRefusal(() => addSignature(token, wish), 'draft.not-found');
    await expectRefusal(
      async () => openDraft(token, { project: team.project, uploads: [], signatures: [] }),
      'person.may-not',
    );
  });

  it('an upload token hands in no signature but over the files that it brings', async () => {
    const token = await makeOfProject(team.ada, 'upload');
    const wish = { draft, signature: await signed(), way: 'api' as const };
    await expectRefusal(() => addSignature(token, wish), 'token.not-for-this');
    const wheel = makeWheel(team.project, `${version}.1`);
    const signatures = [wish.signature, await signBytes(team.bo.key, wheel.bytes)];
    const opened = await openDraft(token, {
      ...{ project: team.project, uploads: [await storeUpload(wheel)], signatures },
    });
    expect(opened.outcomes).toMatchObject([
      { result: 'refused' },
      { result: 'counted', person: 'bo', over: wheel.name },
    ]);
    const queue = await makeOwn(team.ada, { scopes: ['queue'] });
    const more = { draft, uploads: [], remove: [], signatures };
    await expectRefusal(() => changeFiles(queue, more), 'token.not-for-this');
  });

  it('and is no session: it makes no tokens and revokes none', async () => {
    const token = await makeOwn(team.ada, { scopes: ['queue', 'sign', 'upload'] });
    await expectRefusal(() => makePersonToken(token, wished), 'person.sign-in-first');
    await expectRefusal(() => revokePersonToken(token, { token: token.id }), 'person.sign-in-first');
    await expectRefusal(() => personTokensPage(token), 'person.sign-in-first');
    const wish = { project: team.project, name: 'x', kind: 'upload' };
    await expectRefusal(() => makeProjectToken(token, wish), 'token.not-for-this');
    await expectRefusal(() => programsPage(token, team.project), 'token.not-for-this');
  });
});

describe('what is done with a token', () => {
  it('is done in the name of its maker, and history names the token', async () => {
    const token = await makeOfProject(team.bo, 'upload');
    const uploads = [await upload(team.project, '78.1')];
    const opened = await openDraft(token, { project: team.project, uploads, signatures: [] });
    const row = await runtime.db.draft.findUniqueOrThrow({ where: { id: opened.draft } });
    expect(row.openedBy).toBe('bo');
    const entry = await runtime.db.historyEntry.findFirstOrThrow({
      where: { draftId: opened.draft, kind: 'draft.opened' },
    });
    expect(entry).toMatchObject({ actor: 'bo', via: 'api', details: { byToken: 'CI' } });
    const { lines } = await historyOf(team.ada.actor, { draft: opened.draft });
    expect(lines.find(({ kind }) => kind === 'draft.opened')).toMatchObject({ way: 'token', token: 'CI' });
  });

  it('counts as a signature by its own proof, whoever’s token hands it in', async () => {
    const token = await makeOwn(team.ada);
    const added = await addSignature(token, { draft, signature: await signed(), way: 'api' });
    expect(added.outcomes).toMatchObject([{ result: 'counted', person: 'bo' }]);
    expect(await runtime.db.signature.findFirst({ where: { draftId: draft } })).toMatchObject({ via: 'api' });
  });

  it('leaves its trace when it is refused', async () => {
    const token = await makeOwn(team.ada);
    const wish = { draft, signature: new TextEncoder().encode('no signature'), way: 'api' as const };
    await expect(addSignature(token, wish)).rejects.toMatchObject({
      code: expect.stringMatching(/^signature\./) as string,
    });
    const where = { draftId: draft, kind: 'signature.refused' };
    expect(await runtime.db.historyEntry.findFirst({ where })).toMatchObject({ actor: 'ada', via: 'api' });
  });
});

describe('a token ends', () => {
  it('at once when it is revoked, also for what was begun with it', async () => {
    const token = await makeOwn(team.ada);
    await revokePersonToken(team.ada.actor, { token: token.id });
    const wish = { draft, signature: await signed(), way: 'api' as const };
    await expectRefusal(() => addSignature(token, wish), 'token.unusable');
    await expectRefusal(() => revokePersonToken(team.ada.actor, { token: token.id }), 'token.not-found');
    const ofProject = await makeOfProject(team.ada, 'upload');
    await revokeProjectToken(team.ada.actor, { project: team.project, token: ofProject.id });
    const uploads = [await upload(team.project, '79.1')];
    await expectRefusal(
      () => openDraft(ofProject, { project: team.project, uploads, signatures: [] }),
      'token.unusable',
    );
  });

  it('when its time is over', async () => {
    const { token } = await makePersonToken(team.ada.actor, { ...wished, days: '7' });
    const actor = await readTokenActor(token);
    const week = 7 * 86_400_000;
    runtime.advance(week);
    await expectRefusal(() => readTokenActor(token), 'token.unusable');
    await expectRefusal(() => findDraft(runtime.db, actor, 'project.see-drafts', draft), 'token.unusable');
    runtime.advance(-week);
    expect(await readTokenActor(token)).toMatchObject({ id: actor.id });
  });

  it('with the membership of its maker: a project’s is dead, a person’s opens nothing there', async () => {
    const fay = await makePerson(`fay${versions}`);
    const admit = [await inviteAndAccept(team.ada, team.project, fay)];
    await changePolicy(team.ada, { project: team.project, admit }, team.ada, team.bo);
    const [own, ofProject] = [await makeOwn(fay, { scopes: ['upload'] }), await makeOfProject(fay, 'upload')];
    const { version: leaving } = await leaveProject(fay.actor, { project: team.project });
    await signPolicy(team.project, leaving, team.ada);
    const wish = { project: team.project, uploads: [await upload(team.project, '80.1')], signatures: [] };
    await expectRefusal(() => openDraft(ofProject, wish), 'token.unusable');
    await expectRefusal(() => openDraft(own, wish), 'person.may-not');
  });

  it('is not revoked by anybody else', async () => {
    const token = await makeOwn(team.ada);
    await expectRefusal(() => revokePersonToken(team.bo.actor, { token: token.id }), 'token.not-found');
    await expectRefusal(() => revokePersonToken({ kind: 'visitor' }, { token: token.id }), 'person.sign-in-first');
  });
});

describe('making a token', () => {
  it('needs a recent sign-in, a name, a scope, a time of the list and a project of one’s own', async () => {
    const { freshUntil: _fresh, ...stale } = team.ada.actor;
    await expectRefusal(() => makePersonToken({ kind: 'visitor' }, wished), 'person.sign-in-first');
    await expectRefusal(() => makePersonToken(stale, wished), 'session.not-fresh');
    const cases = [
      [{ name: ' \u202E ' }, 'input.missing'],
      [{ name: 'x'.repeat(61) }, 'input.not-a'],
      [{ scopes: [] }, 'token.no-scope'],
      [{ scopes: ['status', 'publish', '__proto__'] }, 'token.no-scope'],
      [{ days: '36500' }, 'input.not-a'],
      [{ project: 'elsewhere' }, 'person.may-not'],
      [{ project: 'nowhere' as ProjectName }, 'project.not-found'],
    ] as const;
    for (const [wish, code] of cases)
      await expectRefusal(() => makePersonToken(team.ada.actor, { ...wished, ...wish }), code);
    const ofProject = { project: team.project, name: 'CI', kind: 'publish' };
    await expectRefusal(() => makeProjectToken(team.ada.actor, ofProject), 'input.not-a');
  });

  it('shows it once and keeps its hash alone: not in rows, history or mail', async () => {
    const { token } = await makePersonToken(team.ada.actor, wished);
    expect(token).toMatch(/^csp_[A-Za-z0-9_-]{43}$/);
    expect(JSON.stringify(await takePicture())).not.toContain(token);
  });

  it('is told to its person, and one that uploads to the owners of its project', async () => {
    const told = async () =>
      (await runtime.db.mail.findMany({ where: { event: 'token.made' } })).map((row) => row.toPerson).sort();
    await runtime.db.mail.deleteMany({ where: { event: 'token.made' } });
    await makeOwn(team.bo);
    expect(await told()).toEqual(['bo']);
    await makeOfProject(team.bo, 'status');
    expect(await told()).toEqual(['bo']);
    await makeOfProject(team.bo, 'upload');
    expect(await told()).toEqual(['ada', 'bo', 'bo']);
  });

  it('is refused beyond the number that a person may have', async () => {
    const gil = await makePerson('gil');
    for (let made = 0; made < limits.personTokensMax; made += 1) await makePersonToken(gil.actor, wished);
    await expectRefusal(() => makePersonToken(gil.actor, wished), 'token.too-many');
  });
});

describe('the list of tokens', () => {
  it('says what each may do, how it stands and when it was used last, to the hour', async () => {
    const hal = await makePerson('hal');
    const { token } = await makePersonToken(hal.actor, { ...wished, scopes: ['sign', 'queue'] });
    expect((await personTokensPage(hal.actor)).tokens).toMatchObject([
      { name: 'laptop', scopes: ['queue', 'sign'], project: null, state: 'live', lastUsedAt: null },
    ]);
    await readTokenActor(token);
    const [row] = (await personTokensPage(hal.actor)).tokens;
    expect(row?.lastUsedAt?.getTime()).toBe(Math.floor(runtime.clock.now().getTime() / 3_600_000) * 3_600_000);
    await revokePersonToken(hal.actor, { token: row?.id ?? '' });
    expect((await personTokensPage(hal.actor)).tokens).toMatchObject([{ state: 'revoked' }]);
  });
});

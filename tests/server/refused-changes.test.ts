// Refused changes that are traces: recorded once, after everything was rolled back, where their people see them, and never without end.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { withdrawPolicy } from '#lib/server/commands/withdraw-policy.ts';
import type { Refusal } from '#lib/core/errors.ts';
import { readFilter } from '#lib/server/history/filter.ts';
import { keepingRefusedChange } from '#lib/server/history/refused-change.ts';
import { receiveNewDraft } from '#lib/server/http/receive-draft.ts';
import { limits } from '#lib/server/limits.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makePerson, makeWorld, visitor, type TestPerson, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let eve: TestPerson;
let draft: string;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld('-traces');
  eve = await makePerson('eve-traces');
  ({ draft } = await makeDraft(world.ada, world.project));
});
afterAll(() => runtime.close());

/** As a door runs it. */
const asked = (work: () => Promise<unknown>) => () => keepingRefusedChange(work);
const newest = async () => (await historyOf(world.chi.actor, { project: world.project })).lines[0];
const sign = (person: TestPerson) => () =>
  addSignature(person.actor, { draft, signature: new Uint8Array(3), way: 'upload' });

describe('a refused change', () => {
  it('of somebody who may not is told to the people of the project, and to no visitor', async () => {
    const propose = asked(() => proposePolicy(world.bo.actor, { project: world.project, threshold: 1 }));
    await expectRefusal(propose, 'person.may-not', 'change.refused');
    expect(await newest()).toMatchObject({
      ...{ actor: 'bo-traces', says: 'tried what they may not do here', way: 'browser' },
      reason: expect.stringContaining('This needs more than you are') as string,
    });
    const refusals = { filter: readFilter({ kind: 'refusals' }) };
    expect((await historyOf(world.chi.actor, { project: world.project }, refusals)).lines).toHaveLength(1);
    expect((await historyOf(visitor, { project: world.project }, refusals)).lines).toEqual([]);
  });

  it('of a stranger who knows the address of a draft is told with the draft; the stranger learns nothing', async () => {
    await expectRefusal(asked(sign(eve)), 'draft.not-found', 'change.refused');
    expect(await newest()).toMatchObject({ actor: 'eve-traces', draft, release: '1.2.0' });
    // Not even their own account tells that there is something at that address.
    const own = (await historyOf(eve.actor, { person: true })).lines;
    expect(own.filter(({ project }) => project !== null)).toEqual([]);
    const bo = (await historyOf(world.bo.actor, { person: true })).lines;
    expect(bo.map(({ kind }) => kind)).toContain('change.refused');
  });

  it('that somebody else overtook is told as such', async () => {
    const { project } = world;
    const policy = await proposePolicy(world.ada.actor, { project, threshold: 3 });
    const again = asked(() => proposePolicy(world.ada.actor, { project, threshold: 1 }));
    const refusal = (await again().catch((fault: unknown) => fault)) as Refusal;
    expect(refusal.kind).toBe('conflict');
    expect(await newest()).toMatchObject({ actor: 'ada-traces', says: 'came too late with a change' });
    await withdrawPolicy(world.ada.actor, { project, version: policy.version });
  });

  it('that has a kind of its own is told once', async () => {
    await expectRefusal(asked(sign(world.bo)), 'signature.is-other', 'signature.refused');
  });

  it('by an upload that is refused before its body is read is told too', async () => {
    const body = { headers: {}, body: undefined as never };
    await expectRefusal(
      asked(() => receiveNewDraft(eve.actor, world.project, body)),
      'person.may-not',
      'change.refused',
    );
  });

  it('of a visitor, of something that is not there, or of a form filled in wrongly leaves no entry', async () => {
    const { project } = world;
    await expectRefusal(
      asked(() => proposePolicy(visitor, { project, threshold: 1 })),
      'person.sign-in-first',
    );
    await expectRefusal(
      asked(() => proposePolicy(eve.actor, { project: 'no-such-project', threshold: 1 })),
      'project.not-found',
    );
    await expectRefusal(
      asked(() => addSignature(eve.actor, { draft: '0123456789ab', signature: new Uint8Array(3), way: 'upload' })),
      'draft.not-found',
    );
    await expectRefusal(
      asked(() => proposePolicy(world.ada.actor, { project, threshold: 0 })),
      'input.not-a',
    );
    const stale = { ...world.ada.actor, freshUntil: 0 };
    await expectRefusal(
      asked(() => proposePolicy(stale, { project, threshold: 1 })),
      'session.not-fresh',
    );
  });

  it('outside of a door is not recorded: what no person asked for is no trace', async () => {
    await expectRefusal(sign(eve), 'draft.not-found');
  });

  it('of one person fills no history: the last entry says that further ones are left out', async () => {
    const count = () => runtime.db.historyEntry.count({ where: { actor: eve.actor.name, kind: 'change.refused' } });
    const kept = await count();
    for (let at = kept; at < limits.keptRefusalsPerPerson; at += 1) await asked(sign(eve))().catch(() => undefined);
    expect((await newest())?.reason).toMatch(/Further refusals of this person within the hour are left out\.$/);
    await expectRefusal(asked(sign(eve)), 'draft.not-found');
    expect(await count()).toBe(limits.keptRefusalsPerPerson);
  });
});

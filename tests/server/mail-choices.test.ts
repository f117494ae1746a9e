// What people choose of mail: kept as it was seen, for all projects or for one of theirs; what protects them is no choice.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeMailChoices } from '#lib/server/commands/change-mail-choices.ts';
import { changeMailHours } from '#lib/server/commands/change-mail-hours.ts';
import { mailSettings, projectMailSettings } from '#lib/server/queries/mail-settings.ts';
import { usualHours } from '#lib/core/local-time.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makePerson, makeWorld, visitor, type TestPerson, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let eve: TestPerson;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  eve = await makePerson('eve');
});
afterAll(() => runtime.close());
beforeEach(async () => {
  await runtime.db.mailChoice.deleteMany();
  await runtime.db.mailHours.deleteMany();
});

const comes = (topics: { topic: string; comes: string }[]) =>
  Object.fromEntries(topics.map(({ topic, comes: how }) => [topic, how]));

describe('choosing what mail comes', () => {
  it('holds for all projects, and one project can differ and follow again', async () => {
    const { actor } = world.bo;
    await changeMailChoices(actor, { project: null, choices: { published: 'daily', reminder: 'off' } });
    await changeMailChoices(actor, { project: world.project, choices: { published: 'at-once', reminder: null } });
    expect(comes((await mailSettings(actor)).topics)).toMatchObject({ published: 'daily', reminder: 'off' });
    const here = await projectMailSettings(actor, world.project);
    expect(comes(here.topics)).toMatchObject({ published: 'at-once', reminder: 'off', declared: 'at-once' });
    expect((await mailSettings(actor)).projects).toEqual([{ name: world.project, hasOwn: true }]);
    await changeMailChoices(actor, { project: world.project, choices: { published: null } });
    expect(comes((await projectMailSettings(actor, world.project)).topics)).toMatchObject({ published: 'daily' });
    expect((await mailSettings(actor)).projects).toEqual([{ name: world.project, hasOwn: false }]);
  });

  it('touches nobody else, and stands in the history of the account', async () => {
    await changeMailChoices(world.bo.actor, { project: null, choices: { published: 'off' } });
    expect(comes((await mailSettings(world.ada.actor)).topics)).toMatchObject({ published: 'at-once' });
    const [entry] = await runtime.db.historyEntry.findMany({
      where: { kind: 'mail.choices-changed' },
      orderBy: { id: 'desc' },
      take: 1,
    });
    expect(entry).toMatchObject({ actor: 'bo', personName: 'bo', projectName: null });
    expect(entry?.details).toMatchObject({ changed: ['published: off'] });
  });

  it('cannot switch off what protects people, nor anything that is no mail', async () => {
    for (const topic of ['keys', 'sign-in', 'policy', 'quarantine', 'key.added', '*', '__proto__', ''])
      await expectRefusal(
        () => changeMailChoices(world.bo.actor, { project: null, choices: Object.fromEntries([[topic, 'off']]) }),
        'mail.cannot-choose',
      );
    await expectRefusal(
      () => changeMailChoices(world.bo.actor, { project: null, choices: { published: 'weekly' } }),
      'input.not-a',
    );
  });

  it('is for whoever is signed in, and of a project for its people', async () => {
    const choices = { published: 'off' };
    await expectRefusal(() => changeMailChoices(visitor, { project: null, choices }), 'person.sign-in-first');
    await expectRefusal(() => changeMailChoices(eve.actor, { project: world.project, choices }), 'person.may-not');
    await expectRefusal(() => changeMailChoices(eve.actor, { project: 'absent', choices }), 'project.not-found');
    await expectRefusal(() => projectMailSettings(eve.actor, world.project), 'person.may-not');
    await expectRefusal(() => mailSettings(visitor), 'person.sign-in-first');
  });
});

describe('choosing when mail comes', () => {
  const hours = { timeZone: 'Europe/Berlin', quietFrom: 22, quietTo: 7, digestHour: 9 };

  it('is kept, can be taken back, and is as usual before', async () => {
    const { actor } = world.bo;
    expect((await mailSettings(actor)).hours).toEqual(usualHours);
    await changeMailHours(actor, hours);
    expect((await mailSettings(actor)).hours).toMatchObject(hours);
    const awake = { ...hours, quietFrom: null, quietTo: null };
    await changeMailHours(actor, awake);
    expect((await mailSettings(actor)).hours).toMatchObject(awake);
  });

  it('refuses half of the quiet hours, hours that no clock has, and zones that no list has', async () => {
    const { actor } = world.bo;
    for (const half of [{ quietTo: null }, { quietFrom: null }, { quietFrom: 7 }])
      await expectRefusal(() => changeMailHours(actor, { ...hours, ...half }), 'mail.quiet-hours');
    for (const wrong of [
      { digestHour: 24 },
      { digestHour: 1.5 },
      { digestHour: NaN },
      { quietTo: -1 },
      { timeZone: 'x' },
    ])
      await expectRefusal(() => changeMailHours(actor, { ...hours, ...wrong }), 'input.not-a');
    await expectRefusal(() => changeMailHours(visitor, hours), 'person.sign-in-first');
  });
});

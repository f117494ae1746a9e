// A published release that falls, through all programs: commands, the real countersigner over HTTP, placing, pages, mail and the client; and
// back again when enough people have signed it. Every place says the same words.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RevocationReason } from '#lib/core/key-end.ts';
import { makeRevocation } from '#lib/pgp/revoke-key.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { markKeyLost } from '#lib/server/commands/mark-key-lost.ts';
import { removePerson } from '#lib/server/commands/remove-person.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';
import { home } from '#lib/server/queries/home.ts';
import { projectPage } from '#lib/server/queries/project-page.ts';
import { readPageJson } from '#lib/simple/parse.ts';
import { serveIndex } from '#web/serve-index.ts';
import { verifyOnce } from '../support/client.ts';
import { startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  inviteAndAccept,
  makeDraft,
  makePerson,
  makeProvenKey,
  makeWorld,
  signDraft,
  signPolicy,
  visitor,
  type TestKey,
  type World,
} from '../support/story.ts';

let world: TestRuntime;
let countersigner: Countersigner;
let people: World;
let draft: string;
beforeEach(async () => {
  world = await openTestRuntime({ environment: { INDEX_NAME: 'sign.example.org' } });
  countersigner = await startCountersigner();
  people = await makeWorld();
  ({ draft } = await makeDraft(people.ada, people.project));
  await signDraft(people.ada, draft);
  await signDraft(people.bo, draft);
  await goRound();
  world.advance(60_000);
});
afterEach(async () => {
  await countersigner.close();
  await world.close();
});

async function goRound() {
  const report = await countersigner.round();
  await placeHandbacks();
  return report;
}

const rowNow = () => world.db.draft.findUniqueOrThrow({ where: { id: draft } });
const filesOffered = (): string[] =>
  readPageJson(readFileSync(path.join(indexFolder(), 'simple', people.project, 'index.json'))).files.map(
    (file) => file.name,
  );
const mailsOf = (event: string) =>
  world.db.mail.findMany({ where: { event }, orderBy: { toPerson: 'asc' }, select: { toPerson: true, text: true } });
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

async function verify() {
  const route = serveIndex(indexFolder());
  const server = createServer((req, res) => void route(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
  const options = { what: [`${people.project}==1.2.0`], index };
  const found = await verifyOnce(options, world.clock.now().getTime());
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return found;
}

async function revoke(key: TestKey, reason: RevocationReason = { kind: 'compromised' }): Promise<Uint8Array> {
  const at = world.clock.now().getTime();
  return new TextEncoder().encode((await makeRevocation(key.private.write(), '', { reason, at })).armored);
}

const strikeBo = () =>
  changePolicy(
    people.ada,
    {
      project: people.project,
      remove: [{ name: people.bo.actor.name, how: 'strike', since: null, reason: 'account compromised' }],
    },
    people.ada,
  );

const wayBack = 'To bring it back, 1 more person must sign its statement: chi.';

describe('a strike', () => {
  const reason = '1 of 2 signatures count: bo was struck by the owners.';

  it('quarantines what falls: row, pages, index, mails, history and client say the same', async () => {
    expect((await verify()).exit).toBe(0);
    await strikeBo();
    expect(await rowNow()).toMatchObject({ state: 'published', belowSince: world.clock.now() });
    expect(await goRound()).toMatchObject({ quarantined: [`${people.project} 1.2.0`], findings: [], refused: [] });
    expect(await rowNow()).toMatchObject({
      state: 'quarantined',
      quarantineReason: reason,
      belowSince: null,
      recordSerial: 2,
    });
    const { quarantine } = await draftPage(people.ada.actor, draft);
    expect(quarantine).toMatchObject({ reason, wayBack });
    expect((await projectPage(visitor, people.project)).releases[0]).toMatchObject({
      state: 'quarantined',
      quarantine,
    });
    expect(filesOffered()).toEqual([]);
    const client = await verify();
    expect(client.exit).toBe(1);
    for (const says of [reason, quarantine?.kept ?? '?', wayBack]) expect(client.err).toContain(says);
    const mails = await mailsOf('release.quarantined');
    expect(mails.map((mail) => mail.toPerson)).toEqual(['ada', 'bo', 'chi']);
    for (const { text } of mails) {
      expect(oneLine(text)).toContain(reason);
      expect(oneLine(text)).toContain(wayBack);
    }
    const told = (await historyOf(visitor, { project: people.project })).lines.map((line) => line.kind);
    expect(told.slice(0, 2)).toEqual(['release.quarantined', 'release.below-threshold']);
    const file = await world.db.draftFile.findFirstOrThrow({ where: { draftId: draft } });
    const kept = path.join('files', file.sha256.slice(0, 2), file.sha256.slice(2, 4), file.sha256, file.name);
    expect(existsSync(path.join(indexFolder(), kept))).toBe(true);
  });

  it('is undone for a release by signing it again, and told to everybody once', async () => {
    await strikeBo();
    await goRound();
    expect((await home(people.chi.actor)).needsMe.drafts.map((row) => row.id)).toEqual([draft]);
    expect((await draftPage(people.chi.actor, draft)).panel?.cannotSign).toBeNull();
    const signed = await signDraft(people.chi, draft);
    expect(signed).toMatchObject({ state: 'quarantined', signed: 2, outcomes: [{ result: 'counted' }] });
    expect((await draftPage(people.ada.actor, draft)).quarantine?.wayBack).toContain(
      'Enough people have signed it again',
    );
    expect(filesOffered()).toEqual([]);
    expect((await goRound()).published).toEqual([`${people.project} 1.2.0`]);
    expect(await rowNow()).toMatchObject({
      state: 'published',
      quarantinedAt: null,
      quarantineReason: null,
      recordSerial: 3,
    });
    expect(filesOffered()).toHaveLength(2);
    const client = await verify();
    expect(client).toMatchObject({ exit: 0, err: '' });
    expect(client.out).toMatch(/signed by +chi/);
    expect((await mailsOf('release.published-again')).map((mail) => mail.toPerson)).toEqual(['ada', 'chi']);
    await goRound();
    expect(await mailsOf('release.published-again')).toHaveLength(2);
    expect(await mailsOf('release.published')).toHaveLength(3);
  });

  it('asks nobody to sign a release again that its removal left quarantined; who signs it all the same brings it back', async () => {
    const { ada, bo, chi, project } = people;
    const removal = { name: bo.actor.name, how: 'strike', since: null, reason: 'account compromised' } as const;
    const { version } = await removePerson(ada.actor, { project, removal, fates: { [draft]: 'quarantine' } });
    await signPolicy(project, version, ada);
    await goRound();
    expect((await home(chi.actor)).needsMe.drafts).toEqual([]);
    const mails = await mailsOf('release.quarantined');
    expect(mails.map((mail) => mail.toPerson)).toEqual(['ada', 'bo', 'chi']);
    for (const { text } of mails) expect(oneLine(text)).not.toContain('You are one of those who can sign it');
    await signDraft(chi, draft);
    await goRound();
    expect((await rowNow()).state).toBe('published');
    expect(await world.db.releaseFate.count()).toBe(0);
  });

  it('lets somebody sign it again who joined after it was published', async () => {
    await strikeBo();
    await goRound();
    const dee = await makePerson('dee');
    const admit = [await inviteAndAccept(people.ada, people.project, dee)];
    await changePolicy(people.ada, { project: people.project, admit }, people.ada, people.chi);
    await signDraft(dee, draft);
    await goRound();
    expect((await rowNow()).state).toBe('published');
    expect((await verify()).out).toMatch(/signed by +dee/);
  });

  it('shuts the struck person out of the release: to them it does not exist any more', async () => {
    await strikeBo();
    await goRound();
    const bytes = new Uint8Array(1);
    await expectRefusal(
      () => addSignature(people.bo.actor, { draft, signature: bytes, way: 'upload' }),
      'draft.not-found',
    );
  });
});

describe('a hard revocation', () => {
  it('quarantines what falls, as soon as the countersigner has asked for the certificate', async () => {
    await addKey(people.bo.actor, { certificate: await revoke(people.bo.key) });
    expect((await rowNow()).belowSince).toEqual(world.clock.now());
    expect((await goRound()).quarantined).toEqual([`${people.project} 1.2.0`]);
    const reason = '1 of 2 signatures count: the key of bo was revoked as compromised.';
    expect(await rowNow()).toMatchObject({ state: 'quarantined', quarantineReason: reason });
    expect((await verify()).err).toContain(reason);
  });

  it('lets its person sign again with another key, once the policy names it', async () => {
    await addKey(people.bo.actor, { certificate: await revoke(people.bo.key) });
    await goRound();
    const key = await makeProvenKey(people.bo.actor);
    await changePolicy(people.ada, { project: people.project, addKeys: [key.fingerprint] }, people.ada, people.chi);
    const outcome = (await signDraft({ ...people.bo, key }, draft)).outcomes[0];
    expect(outcome).toMatchObject({ result: 'counted', person: 'bo' });
    await goRound();
    expect((await rowNow()).state).toBe('published');
    expect((await verify()).exit).toBe(0);
  });
});

describe('what leaves a release as it is', () => {
  it.each<[string, () => Promise<unknown>]>([
    [
      'a soft revocation',
      async () => addKey(people.bo.actor, { certificate: await revoke(people.bo.key, { kind: 'retired' }) }),
    ],
    ['a lost key', () => markKeyLost(people.bo.actor, { fingerprint: people.bo.key.fingerprint })],
    [
      'a person who is retired',
      () =>
        changePolicy(
          people.ada,
          { project: people.project, remove: [{ name: people.bo.actor.name, how: 'retire' }] },
          people.ada,
        ),
    ],
  ])('is %s', async (_, event) => {
    await event();
    expect((await goRound()).quarantined).toEqual([]);
    expect(await rowNow()).toMatchObject({ state: 'published', belowSince: null, recordSerial: 1 });
    expect((await verify()).exit).toBe(0);
  });
});

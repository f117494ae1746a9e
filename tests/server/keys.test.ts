// Keys of an account: added, merged, proven; what is refused changes nothing but history.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeKey } from 'openpgp';
import { addKey } from '#lib/server/commands/add-key.ts';
import { proveKey } from '#lib/server/commands/prove-key.ts';
import { startKeyProof } from '#lib/server/commands/start-key-proof.ts';
import { accountKeys, keyPage, keyPhrase } from '#lib/server/queries/account-keys.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  makeAccount,
  makeDraft,
  makeKey,
  makePerson,
  makeProvenKey,
  makeWorld,
  signBytes,
  signDraft,
  visitor,
} from '../support/story.ts';

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

const hour = 3_600_000;

describe('adding a key', () => {
  it('makes it unproven, with a phrase that names index, account and key', async () => {
    const { actor } = await makeAccount('add-one');
    const key = await makeKey('add-one');
    expect(await addKey(actor, { certificate: key.certificate })).toEqual({
      fingerprint: key.fingerprint,
      outcome: 'added',
      changes: [],
    });
    const page = await keyPage(actor, key.fingerprint);
    expect(page.state).toBe('unproven');
    expect(page.challenge?.phrase).toContain(
      `# index: sign.example.org\n# account: add-one\n# key: ${key.fingerprint}\n`,
    );
    expect(page.challenge?.commands[0]?.command).toBe(
      `gpg --local-user '${page.signing.at(-1)?.fingerprint}!' --armor --detach-sign --output ${page.challenge?.fileName}.asc ${page.challenge?.fileName}`,
    );
  });

  it('again, unchanged, changes nothing', async () => {
    const { actor } = await makeAccount('add-twice');
    const key = await makeProvenKey(actor);
    const entries = await runtime.db.historyEntry.count();
    expect((await addKey(actor, { certificate: key.certificate })).outcome).toBe('unchanged');
    expect(await runtime.db.historyEntry.count()).toBe(entries);
  });

  it('that another account has proven is refused', async () => {
    const owner = await makePerson('has-it');
    const { actor } = await makeAccount('wants-it');
    await expectRefusal(() => addKey(actor, { certificate: owner.key.certificate }), 'key.of-another', 'key.refused');
  });

  it('that another account only claims takes it over: an unproven key holds no place', async () => {
    const squatter = await makeAccount('squatter');
    const { actor } = await makeAccount('real-owner');
    const key = await makeKey('real-owner');
    await addKey(squatter.actor, { certificate: key.certificate });
    await makeProvenKey(actor, key);
    expect(await accountKeys(squatter.actor)).toEqual([]);
    await expectRefusal(
      () => addKey(squatter.actor, { certificate: key.certificate }),
      'key.of-another',
      'key.refused',
    );
  });

  it('that is private is refused, and no byte of it is kept', async () => {
    const { actor } = await makeAccount('careless');
    const key = await makeKey('careless');
    await expectRefusal(() => addKey(actor, { certificate: key.private.write() }), 'key.is-private', 'key.refused');
  });

  it('is for people who are signed in', async () => {
    const key = await makeKey('nobody');
    await expectRefusal(() => addKey(visitor, { certificate: key.certificate }), 'person.sign-in-first');
  });
});

describe('a newer copy of a key', () => {
  it('with a revocation makes what it signed stop counting at once, and an older copy cannot undo it', async () => {
    const { ada, bo, project } = await makeWorld('-rev');
    const { draft } = await makeDraft(ada, project);
    await signDraft(ada, draft);
    expect((await signDraft(bo, draft)).state).toBe('approved');
    const revoked = await revokeKey({
      key: bo.key.private,
      reasonForRevocation: { flag: 2, string: 'stolen' },
      date: runtime.clock.now(),
      format: 'object',
    });
    expect((await addKey(bo.actor, { certificate: revoked.publicKey.write() })).outcome).toBe('updated');
    const page = await draftPage(ada.actor, draft);
    expect([page.state, page.verdict.counted]).toEqual(['draft', [ada.actor.name]]);
    expect((await addKey(bo.actor, { certificate: bo.key.certificate })).outcome).toBe('unchanged');
    expect((await keyPage(bo.actor, bo.key.fingerprint)).state).toBe('revoked');
  });
});

describe('proving a key', () => {
  it('makes it active and tells the person by mail', async () => {
    const person = await makePerson('prover');
    expect((await accountKeys(person.actor)).map((key) => key.state)).toEqual(['active']);
    const mails = await runtime.db.mail.findMany({ where: { toPerson: 'prover' } });
    expect(mails.map((mail) => mail.event)).toEqual(['key.added']);
  });

  it('with a signature over other bytes, or by another key, is refused', async () => {
    const { actor } = await makeAccount('mistaken');
    const key = await makeKey('mistaken');
    await addKey(actor, { certificate: key.certificate });
    const { bytes } = await keyPhrase(actor, key.fingerprint);
    const attempt = (signature: Uint8Array) => () =>
      proveKey(actor, { fingerprint: key.fingerprint, signature, way: 'upload' });
    await expectRefusal(attempt(await signBytes(key, Buffer.from('other'))), 'key.not-proven', 'key.proof-refused');
    await expectRefusal(attempt(await signBytes(await makeKey('other'), bytes)), 'key.not-proven', 'key.proof-refused');
  });

  it('takes only the newest phrase, within a day', async () => {
    const { actor } = await makeAccount('slow');
    const key = await makeKey('slow');
    await addKey(actor, { certificate: key.certificate });
    const old = await keyPhrase(actor, key.fingerprint);
    await startKeyProof(actor, { fingerprint: key.fingerprint });
    const attempt = async (bytes: Uint8Array) =>
      proveKey(actor, { fingerprint: key.fingerprint, signature: await signBytes(key, bytes), way: 'upload' });
    await expectRefusal(() => attempt(old.bytes), 'key.not-proven', 'key.proof-refused');
    const fresh = await keyPhrase(actor, key.fingerprint);
    runtime.advance(25 * hour);
    await expectRefusal(() => attempt(fresh.bytes), 'key.no-challenge');
    runtime.advance(-25 * hour);
  });

  it('that is proven already, or somebody else’s, is refused', async () => {
    const person = await makePerson('done');
    const other = await makePerson('onlooker');
    const wish = { fingerprint: person.key.fingerprint };
    await expectRefusal(() => startKeyProof(person.actor, wish), 'key.already-proven');
    await expectRefusal(() => startKeyProof(other.actor, wish), 'key.not-found');
    await expectRefusal(() => keyPage(other.actor, person.key.fingerprint), 'key.not-found');
  });
});

// Keys fetched from key servers: by full fingerprint only, from the hosts of the settings only, and whatever a server answers, nothing is
// stored by fetching. The servers are real ones on the loopback interface.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import { armorCertificates } from '#lib/pgp/certificate-views.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { readConfig } from '#lib/server/config.ts';
import { askKeyServer } from '#lib/server/key-servers/ask-key-server.ts';
import { addressOfKey, readKeyServer, type KeyServer } from '#lib/server/key-servers/key-server.ts';
import { limits } from '#lib/server/limits.ts';
import { getBounded } from '#lib/server/outgoing/get-bounded.ts';
import { isOwnWord, isPublicAddress } from '#lib/server/outgoing/private-address.ts';
import { fetchKey, keyServerNames } from '#lib/server/queries/fetch-key.ts';
import { answering, openKeyServer, type TestKeyServer } from '../support/key-server.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeAccount, makeKey, visitor, type TestKey, type TestPerson } from '../support/story.ts';

let runtime: TestRuntime;
let vks: TestKeyServer;
let hkp: TestKeyServer;
let key: TestKey;
let other: TestKey;
let actor: TestPerson['actor'];

beforeAll(async () => {
  [vks, hkp] = [await openKeyServer(), await openKeyServer()];
  runtime = await openTestRuntime({ environment: { KEY_SERVERS: `http://${vks.host}, hkp://${hkp.host}/` } });
  actor = (await makeAccount('fetcher')).actor;
  [key, other] = [await makeKey('fetcher'), await makeKey('somebody')];
});
afterAll(async () => {
  await Promise.all([vks.close(), hkp.close()]);
  await runtime.close();
});
beforeEach(() => {
  for (const server of [vks, hkp]) {
    server.asked = [];
    server.answer = (res) => res.writeHead(404).end();
  }
});

describe('a key that is on a server', () => {
  it('is shown with its facts, stores nothing by that, and is added by the ordinary command', async () => {
    vks.answer = answering(armorCertificate(key.certificate));
    const spaced = (key.fingerprint.toLowerCase().match(/.{4}/g) ?? []).join(' ');
    const found = await fetchKey(actor, `0x${spaced}`);
    expect([found.server, found.facts.primary]).toEqual([`http://${vks.host}`, key.fingerprint]);
    expect(vks.asked).toEqual([`/vks/v1/by-fingerprint/${key.fingerprint}`]);
    expect(hkp.asked).toEqual([]);
    expect(await runtime.db.key.count()).toBe(0);
    const added = await addKey(actor, { certificate: Buffer.from(found.certificate) });
    expect(added).toMatchObject({ fingerprint: key.fingerprint, outcome: 'added' });
  });

  it('is found on the second server where the first has none, in the words of HKP', async () => {
    hkp.answer = answering(other.certificate);
    expect((await fetchKey(actor, other.fingerprint)).server).toBe(`hkp://${hkp.host}`);
    expect(hkp.asked).toEqual([`/pks/lookup?op=get&options=mr&search=0x${other.fingerprint}`]);
  });

  it('is found on the second server where the first does not answer as it should', async () => {
    vks.answer = (res) => res.writeHead(302, { Location: `http://${hkp.host}/elsewhere` }).end();
    hkp.answer = answering(key.certificate);
    expect((await fetchKey(actor, key.fingerprint)).server).toBe(`hkp://${hkp.host}`);
    expect(hkp.asked).not.toContain('/elsewhere');
  });
});

describe('a wrong answer is refused by name, and nothing is stored:', () => {
  const privateKey = () => key.private.armor();
  const wrong: [string, () => Uint8Array | string, () => string][] = [
    ['another key', () => other.certificate, () => `the key ${other.fingerprint}`],
    ['the private key', privateKey, () => 'a private key'],
    ['two keys', () => armorCertificates([key.certificate, other.certificate]), () => 'several keys'],
    ['a web page', () => '<!doctype html><p>Captcha</p>', () => 'a web page'],
    ['nothing at all', () => '', () => 'an empty file'],
    ['half a key', () => key.certificate.subarray(0, 60), () => 'damaged'],
  ];
  it.each(wrong)('%s', async (_, body, says) => {
    vks.answer = answering(body());
    await expectRefusal(() => fetchKey(actor, key.fingerprint), 'key.server-wrong-answer');
    const fault: unknown = await fetchKey(actor, key.fingerprint).catch((thrown: unknown) => thrown);
    if (!isRefusal(fault)) throw fault;
    for (const part of [`http://${vks.host}`, key.fingerprint, says()]) expect(fault.message).toContain(part);
    expect(hkp.asked).toEqual([]);
  });
});

describe('asking', () => {
  it('says on which servers there is no such key', () =>
    expectRefusal(() => fetchKey(actor, other.fingerprint), 'key.server-has-none'));

  it('says that no server could be reached, instead of that there is no key', async () => {
    hkp.answer = (res) => res.writeHead(503).end();
    await expectRefusal(() => fetchKey(actor, other.fingerprint), 'key.server-unreachable');
  });

  it.each(['A1B2C3D4', '0xA1B2C3D4', 'A1B2 C3D4 A1B2 C3D4'])('never happens by a short form (%s)', async (typed) => {
    await expectRefusal(() => fetchKey(actor, typed), 'fingerprint.too-short');
    expect(vks.asked).toEqual([]);
  });

  it.each(['', 'ada@example.org', '../../../etc/passwd', `${'A'.repeat(40)}/x`])(
    'never happens by anything else (%s)',
    async (typed) => {
      await expectRefusal(() => fetchKey(actor, typed), 'fingerprint.unreadable');
      expect(vks.asked).toEqual([]);
    },
  );

  it('is for people with an account', () =>
    expectRefusal(() => fetchKey(visitor, key.fingerprint), 'person.sign-in-first'));

  it('has a limit for each person', async () => {
    const { actor: eager } = await makeAccount('eager');
    const fetchNone = () => fetchKey(eager, other.fingerprint).catch(() => undefined);
    for (let asked = 0; asked < limits.keyFetchesPerPerson; asked += 1) await fetchNone();
    await expectRefusal(() => fetchKey(eager, other.fingerprint), 'request.too-many');
  });
});

describe('the bounds of an answer', () => {
  const bounds = { bytesMax: 1024, ms: 300, accept: '*/*' };
  const get = () => getBounded(new URL(`http://${vks.host}/`), bounds);

  it('one that is too long is cut off', async () => {
    vks.answer = answering('x'.repeat(5000));
    expect(await get()).toEqual({ status: null, why: 'an answer of more than 1024 bytes' });
  });

  it('one that never ends is given up', async () => {
    vks.answer = (res) => void res.writeHead(200).write('x');
    expect(await get()).toEqual({ status: null, why: 'no whole answer within 0.3 s' });
  });
});

describe('where a name leads', () => {
  const server = (name: string): KeyServer => readKeyServer(name) ?? expect.fail(name);
  const ask = (name: string, ...addresses: string[]) =>
    askKeyServer(server(name), {
      ...{ key: key.fingerprint, at: runtime.clock.now().getTime() },
      resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))),
    });

  it.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', 'fd00::1', '::ffff:127.0.0.1'])(
    'a name that resolves to %s is not asked',
    async (address) => {
      vks.answer = answering(key.certificate);
      const port = vks.host.split(':')[1];
      for (const addresses of [[address], ['8.8.8.8', address]]) {
        const answer = await ask(`http://keys.example.org:${port}`, ...addresses);
        expect(answer).toEqual({
          kind: 'unreachable',
          why: `keys.example.org leads to ${address}, which is not public`,
        });
      }
      expect(vks.asked).toEqual([]);
    },
  );

  it('an address that the operator wrote is asked wherever it is', () => {
    expect(['127.0.0.1', '[::1]', 'localhost'].map(isOwnWord)).toEqual([true, true, true]);
    expect(['keys.example.org', 'localhost.example.org', '0x7f.1x'].map(isOwnWord)).toEqual([false, false, false]);
  });

  it.each([
    ['8.8.8.8', true],
    ['2a00:1450::1', true],
    ['192.168.1.1', false],
    ['100.64.0.1', false],
    ['255.255.255.255', false],
    ['2002:7f00:1::1', false],
    ['64:ff9b::7f00:1', false],
    ['fe80::1', false],
    ['not an address', false],
  ])('%s is public: %s', (address, isPublic) => expect(isPublicAddress(address)).toBe(isPublic));
});

describe('the setting KEY_SERVERS', () => {
  it('is empty by default: nothing is asked', () => expect(readConfig({}).keyServers).toEqual([]));

  it('names what each server speaks by its scheme', () => {
    const addresses = readConfig({
      KEY_SERVERS: 'https://keys.example.org hkps://a.example.org/ hkp://b.example.org hkp://[::1]:8080/pgp',
    }).keyServers.map((one) => addressOfKey(one, 'F').href);
    expect(addresses).toEqual([
      'https://keys.example.org/vks/v1/by-fingerprint/F',
      'https://a.example.org/pks/lookup?op=get&options=mr&search=0xF',
      'http://b.example.org:11371/pks/lookup?op=get&options=mr&search=0xF',
      'http://[::1]:8080/pgp/pks/lookup?op=get&options=mr&search=0xF',
    ]);
    expect(keyServerNames()).toEqual([`http://${vks.host}`, `hkp://${hkp.host}`]);
  });

  it.each([
    'ldap://x.org',
    'https://user@x.org',
    'https://x.org/?q',
    'x.org',
    'https://',
    'https://a https://b ftp://c',
  ])('refuses %s', (claimed) =>
    expect(() => readConfig({ KEY_SERVERS: claimed })).toThrow(expect.objectContaining({ code: 'config.unreadable' })),
  );
});

// This instance as a key directory over real HTTP: what programs ask in HKP, VKS and WKD, and what strangers do not get to know.
import { readKey, readKeys, reformatKey } from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAccountName } from '#lib/core/ids.ts';
import { readPolicy, renderPolicy, type Policy } from '#lib/core/policy.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { limits } from '#lib/server/limits.ts';
import { wkdHash } from '#lib/server/queries/key-directory.ts';
import { keyDirectoryRoute } from '#web/key-directory.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  inviteAndAccept,
  makeAccount,
  makeKey,
  makePerson,
  makeProject,
  makeProvenKey,
  type TestKey,
  type TestPerson,
} from '../support/story.ts';

let runtime: TestRuntime;
let server: RouteServer;
/** In a policy. Her key claims her own address and, unchecked, the one of somebody else. */
let ada: TestPerson;
let bo: TestPerson;
/** Has a proven key, and is in no project. */
let loner: TestPerson;
let unproven: TestKey;

beforeAll(async () => {
  runtime = await openTestRuntime();
  const account = await makeAccount('ada');
  ada = { ...account, key: await makeProvenKey(account.actor, await withForeignAddress(await makeKey('ada'))) };
  bo = await makePerson('bo');
  loner = await makePerson('loner');
  const claims = await makeAccount('claims');
  unproven = await makeKey('claims');
  await addKey(claims.actor, { certificate: unproven.certificate });
  await makeProject(ada, 'sunrise');
  await changePolicy(ada, { project: 'sunrise', admit: [await inviteAndAccept(ada, 'sunrise', bo)] }, ada);
  server = await serveRoutes(keyDirectoryRoute);
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});

async function withForeignAddress(key: TestKey): Promise<TestKey> {
  const { privateKey, publicKey } = await reformatKey({
    privateKey: key.private,
    userIDs: [
      { name: 'Ada: 100% &\u00e9', email: 'Ada@Example.org' },
      { name: 'Victim', email: 'victim@example.org' },
    ],
    date: new Date(runtime.clock.now().getTime() - 3_600_000),
    format: 'object',
  });
  return { private: privateKey, certificate: publicKey.write(), fingerprint: key.fingerprint };
}

const ask = async (path: string, method = 'GET') => {
  const answer = await fetch(`${server.base}${path}`, { method });
  return { status: answer.status, headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) };
};
const text = ({ bytes }: { bytes: Uint8Array }) => new TextDecoder().decode(bytes);
const fingerprintIn = async (answer: { bytes: Uint8Array }) =>
  (await readKey({ armoredKey: text(answer) })).getFingerprint().toUpperCase();

describe('HKP', () => {
  const get = (search: string) => ask(`/pks/lookup?op=get&options=mr&search=${search}`);

  it('gives a key by its full fingerprint, in either case, and by the fingerprint of a signing subkey', async () => {
    const subkey = ada.key.private.getSubkeys()[0]?.getFingerprint() ?? '';
    for (const digits of [ada.key.fingerprint, ada.key.fingerprint.toLowerCase(), subkey]) {
      const answer = await get(`0x${digits}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pgp-keys']);
      expect(await fingerprintIn(answer)).toBe(ada.key.fingerprint);
    }
  });

  it('gives a key by its 64-bit id where that is one key, and never by 32 bits', async () => {
    expect(await fingerprintIn(await get(`0x${ada.key.fingerprint.slice(-16)}`))).toBe(ada.key.fingerprint);
    expect((await get(`0x${ada.key.fingerprint.slice(-8)}`)).status).toBe(404);
  });

  it('lists a key for programs, and nothing in a user id ends its field', async () => {
    const answer = await ask(`/pks/lookup?op=index&options=mr&search=0x${ada.key.fingerprint}`);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const [info, pub = '', ...uids] = text(answer).trimEnd().split('\r\n');
    expect(info).toBe('info:1:1');
    expect(pub.split(':').slice(0, 4)).toEqual(['pub', ada.key.fingerprint, '22', '256']);
    expect(uids.map((line) => line.split(':').length)).toEqual([5, 5]);
    expect(uids.map((line) => decodeURIComponent(line.split(':')[1] ?? ''))).toEqual([
      'Ada: 100% &\u00e9 <Ada@Example.org>',
      'Victim <victim@example.org>',
    ]);
  });

  it('takes no keys and knows no other operation', async () => {
    expect((await ask('/pks/add', 'POST')).status).toBe(405);
    expect((await ask('/pks/lookup?op=stats&search=x')).status).toBe(501);
  });
});

describe('VKS', () => {
  it('gives a key by its full fingerprint, to pages of anybody', async () => {
    const answer = await ask(`/vks/v1/by-fingerprint/${ada.key.fingerprint}`);
    expect(await fingerprintIn(answer)).toBe(ada.key.fingerprint);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('the Web Key Directory', () => {
  // The example of the draft, section 3.1.
  it('names a local part as the draft does', () => {
    expect(wkdHash('Joe.Doe')).toBe('iy9q119eutrkn8s1mk4r39qejnbu3n5q');
  });

  const [adaHash, victimHash] = ['ada', 'victim'].map(wkdHash);
  const addresses = [
    `/.well-known/openpgpkey/example.org/hu/${adaHash}?l=ada`,
    `/.well-known/openpgpkey/example.org/hu/${adaHash}?l=Ada`,
    `/.well-known/openpgpkey/Example.ORG/hu/${adaHash}`,
  ];
  it.each(addresses)('%s gives the binary key with that one user id', async (address) => {
    const answer = await ask(address);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
    const key = await readKey({ binaryKey: answer.bytes });
    expect(key.getFingerprint().toUpperCase()).toBe(ada.key.fingerprint);
    expect(key.getUserIDs()).toEqual(['Ada: 100% &\u00e9 <Ada@Example.org>']);
  });

  it('answers the direct method for the domain of the instance only', async () => {
    expect((await ask(`/.well-known/openpgpkey/hu/${adaHash}?l=ada`)).status).toBe(404);
    const now = runtime.clock.now();
    const address = 'bo@sign.example.org';
    await runtime.db.address.create({ data: { address, personName: 'bo', verifiedAt: now, isPrimary: false } });
    // Bo's key does not claim that address.
    expect((await ask(`/.well-known/openpgpkey/hu/${wkdHash('bo')}?l=bo`)).status).toBe(404);
    await runtime.db.address.delete({ where: { address } });
  });

  it('knows nothing of an address that a key claims and nobody checked', async () => {
    expect((await ask(`/.well-known/openpgpkey/example.org/hu/${victimHash}?l=victim`)).status).toBe(404);
    await makeAccount('victim');
    expect((await ask(`/.well-known/openpgpkey/example.org/hu/${victimHash}?l=victim`)).status).toBe(404);
  });

  it('has the policy file that clients look for first', async () => {
    for (const place of ['', 'example.org/']) {
      const answer = await ask(`/.well-known/openpgpkey/${place}policy`);
      expect([answer.status, answer.bytes.length]).toEqual([200, 0]);
    }
  });
});

describe('the key ring of a project', () => {
  const ring = async () => {
    const armored = text(await ask('/projects/sunrise/keyring.asc'));
    return (await readKeys({ armoredKeys: armored })).map((key) => key.getFingerprint().toUpperCase());
  };

  it('holds the keys of all people of the policy in force, in one block', async () => {
    expect(await ring()).toEqual([ada.key.fingerprint, bo.key.fingerprint].sort());
  });

  it('keeps the keys of those who left in good standing, whose releases still count, and none that is struck', async () => {
    const where = { projectName: 'sunrise', state: 'in-force' };
    const row = await runtime.db.policy.findFirstOrThrow({ where });
    const policy = readPolicy(row.bytes);
    const left = { name: readAccountName('loner'), keys: [loner.key.fingerprint], since: policy.date };
    const put = (next: Policy) =>
      runtime.db.policy.updateMany({ where, data: { bytes: Buffer.from(renderPolicy(next)) } });
    await put({ ...policy, retired: [left] });
    expect(await ring()).toContain(loner.key.fingerprint);
    await put({ ...policy, retired: [left], struck: [{ ...left, since: null, reason: 'compromised' }] });
    expect(await ring()).toEqual([ada.key.fingerprint, bo.key.fingerprint].sort());
    await put(policy);
  });

  it('is not there for a project that is not there', async () => {
    expect((await ask('/projects/moonset/keyring.asc')).status).toBe(404);
  });
});

it('every answer may be read by nobody as a page, and is asked for again', async () => {
  for (const path of [
    `/vks/v1/by-fingerprint/${ada.key.fingerprint}`,
    '/vks/v1/by-email/x',
    '/projects/sunrise/keyring.asc',
  ]) {
    const { headers } = await ask(path);
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toContain('must-revalidate');
  }
});

it('a key that nobody proved, one that no policy names, and one that is not there are the same answer', async () => {
  const hash = wkdHash('loner');
  const answers = [];
  for (const digits of [unproven.fingerprint, loner.key.fingerprint, 'A'.repeat(40)])
    for (const path of [`/vks/v1/by-fingerprint/${digits}`, `/pks/lookup?op=get&search=0x${digits}`])
      answers.push(await ask(path));
  answers.push(await ask(`/.well-known/openpgpkey/example.org/hu/${hash}?l=loner`));
  answers.push(await ask('/pks/lookup?op=get&search=ada@example.org'));
  answers.push(await ask('/vks/v1/by-email/ada@example.org'));
  const seen = answers.map((answer) => {
    const headers = [...answer.headers].filter(([name]) => name !== 'date');
    return JSON.stringify([answer.status, headers, text(answer)]);
  });
  expect(answers[0]?.status).toBe(404);
  expect(new Set(seen).size).toBe(1);
});

it('leaves every other address alone', async () => {
  for (const path of ['/', '/projects/sunrise', '/pksx', '/.well-known/other', '/projects/Sunrise/keyring.asc'])
    expect((await ask(path)).status).toBe(299);
});

it('a client that asks without end is told to wait', async () => {
  for (let asked = 0; asked < limits.keyLookupsPerClient; asked += 500)
    await Promise.all(Array.from({ length: 500 }, () => ask('/vks/v1/x')));
  expect((await ask('/vks/v1/x')).status).toBe(429);
});

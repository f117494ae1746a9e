// `trust`, `status` and `download` against the tree of the real countersigner over HTTP. What verifying refuses is tests/cli/verify.test.ts.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { downloadCommand } from '#cli/commands/download.ts';
import { statusCommand } from '#cli/commands/status.ts';
import { trustCommand, type TrustCommandOptions } from '#cli/commands/trust.ts';
import { verifyCommand } from '#cli/commands/verify.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { answering, type Client } from '../support/client.ts';
import { status, type HostileIndex } from '../support/hostile-index.ts';
import { ada, bo, sdistName, wheel, wheelName } from '../support/scene.ts';
import { codeOf, firstPolicyDigest, serveScene, type ServedScene } from '../support/served-scene.ts';
import { openOneRelease } from '../support/two-releases.ts';

let served: ServedScene;
let index: HostileIndex;
let tree: Map<string, Uint8Array>;
let client: Client;
let indexKey: string;
let policy: string[];
beforeAll(async () => {
  served = await serveScene(await openOneRelease());
  ({ index, tree, indexKey } = served);
  ({ policy } = served.given);
});
afterAll(() => served.stop());
beforeEach(() => {
  client = served.meet();
});
afterEach(() => {
  index.restore(tree);
  client.close();
});

const trust = (more: Partial<TrustCommandOptions> = {}, ask: Client['ask'] = null) =>
  trustCommand({ index: index.base, projects: [], ...more }, { ...client, ask });
const verify = () => verifyCommand({ what: ['demo==1.0'] }, client);

describe('trust', () => {
  test('meets an index and a project by given fingerprints; afterwards nothing has to be given', async () => {
    const said = await trust({
      indexKey: `0x${indexKey}`.slice(2).replace(/(.{4})/g, '$1 '),
      policy: policy.map((one) => one.replace('demo', 'Demo')),
    });
    expect(said).toMatchObject({ exit: 0, err: '' });
    expect(said.out).toContain(`trusted with the key ${indexKey}`);
    expect(said.out).toContain(`policy 1, SHA-256 ${firstPolicyDigest}`);
    expect(await verify()).toMatchObject({ exit: 0 });
  });

  test('without a person pins nothing of what was not given', async () => {
    expect(codeOf(await trust())).toBe('trust.first-contact');
    const unnamed = await trust({ indexKey, projects: ['demo'] });
    expect([unnamed.exit, codeOf(unnamed)]).toEqual([4, 'trust.first-contact-project']);
    expect(client.picture()).toEqual({});
    expect(await trust({ indexKey })).toMatchObject({ exit: 0 });
    expect(codeOf(await verify())).toBe('trust.first-contact-project');
    expect(codeOf(await trust({ projects: ['nothing'] }))).toBe('verify.no-such-project');
  });

  test('with a person shows every fingerprint and asks for each, the index and the project', async () => {
    const { ask, asked } = answering(true);
    expect(await trust({ projects: ['demo'] }, ask)).toMatchObject({ exit: 0 });
    expect(asked.map(({ shows }) => shows[0])).toEqual([
      expect.stringContaining('First contact with the index'),
      expect.stringContaining('First contact with demo'),
    ]);
    expect(asked.flatMap(({ shows }) => shows).join('\n')).toContain(bo.key);
  });

  test('is forgotten on demand, damaged or not, and then it is a first contact', async () => {
    await trust({ indexKey, owner: [`demo=${ada.key}`] });
    const [folder = ''] = readdirSync(path.join(client.home.state, 'indexes'));
    writeFileSync(path.join(client.home.state, 'indexes', folder, 'pin.json'), '');
    expect(codeOf(await trust({ indexKey }))).toBe('trust.damaged');
    expect(await trust({ forget: true })).toMatchObject({ exit: 0 });
    expect(codeOf(await trust())).toBe('trust.first-contact');
  });
});

describe('status', () => {
  test('says that nothing is trusted yet, then what is and how fresh, and asks nobody', async () => {
    expect(statusCommand({}, client)).toEqual({ exit: 0, out: 'No index is trusted yet.\n', err: '' });
    await trust({ indexKey, policy });
    index.asked.length = 0;
    const { out } = statusCommand({ json: true }, client);
    expect(JSON.parse(out)).toMatchObject({
      indexes: [
        {
          ...{ index: 'sign.example.org', indexKey, isFresh: true, root: { version: 1 } },
          projects: [{ project: 'demo', policy: 1, sha256: firstPolicyDigest, versions: 1 }],
        },
      ],
    });
    expect(statusCommand({}, client).out).toMatch(/fresh until 2026-11-23T/);
    client.now += 25 * 3_600_000;
    expect(statusCommand({}, client).out).toMatch(/was fresh until 2026-11-23T/);
    expect(index.asked).toEqual([]);
  });
});

describe('download', () => {
  const folder = () => path.join(client.folder, 'here');
  const download = (more: object = {}) =>
    downloadCommand({ releases: ['demo==1.0'], directory: folder(), ...more }, client);
  beforeEach(async () => void (await trust({ indexKey, policy })));

  test('keeps every file of the release, with the bytes that were signed', async () => {
    const said = await download();
    expect(said).toMatchObject({ exit: 0, err: '' });
    expect(readdirSync(folder()).sort()).toEqual([wheelName, sdistName].sort());
    expect(sha256Hex(readFileSync(path.join(folder(), wheelName)))).toBe(sha256Hex(wheel()));
    expect(await download()).toMatchObject({ exit: 0 });
  });

  test('keeps nothing where one file is another one, is missing or is held up, and changes no pin', async () => {
    const before = client.picture();
    const place = [...tree.keys()].find((name) => name.endsWith(`/${sdistName}`) && name.startsWith('files/')) ?? '';
    index.tree.set(place, Buffer.concat([Buffer.from('x'), (tree.get(place) ?? Buffer.alloc(0)).subarray(1)]));
    expect(codeOf(await download())).toBe('evidence.record-differs');
    index.answer(new RegExp(`^${place}$`), status(500));
    expect(await download()).toMatchObject({ exit: 3 });
    expect([readdirSync(folder()), client.picture()]).toEqual([[], before]);
  });

  test('never overwrites what is there with other bytes', async () => {
    mkdirSync(folder());
    writeFileSync(path.join(folder(), wheelName), 'mine');
    expect(codeOf(await download())).toBe('download.exists');
    expect(readdirSync(folder())).toEqual([wheelName]);
    expect(readFileSync(path.join(folder(), wheelName), 'utf8')).toBe('mine');
  });

  test('says where it cannot write', async () => {
    writeFileSync(path.join(client.folder, 'file'), '');
    const said = await download({ directory: path.join(client.folder, 'file', 'below') });
    expect([said.exit, codeOf(said)]).toEqual([3, 'download.not-written']);
    expect(existsSync(folder())).toBe(false);
  });
});

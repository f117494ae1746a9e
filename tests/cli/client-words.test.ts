// What `trust`, `verify`, `status` and `download` say, word by word, against the tree of the real countersigner: exact outputs in tests/cli/golden. What they
// decide and keep is tests/cli/trust-commands.test.ts and tests/cli/verify.test.ts.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import { downloadCommand } from '#cli/commands/download.ts';
import type { CommandOutcome } from '#cli/commands/inspect-distribution.ts';
import { statusCommand } from '#cli/commands/status.ts';
import { trustCommand, type TrustCommandOptions } from '#cli/commands/trust.ts';
import { verifyCommand, type VerifyOptions } from '#cli/commands/verify.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { answering, type Client } from '../support/client.ts';
import { expectGolden as expectStored } from '../support/golden.ts';
import type { HostileIndex } from '../support/hostile-index.ts';
import { ada, bo, sdist, wheel, wheelName } from '../support/scene.ts';
import { serveScene, type ServedScene } from '../support/served-scene.ts';
import { openOneRelease } from '../support/two-releases.ts';

let served: ServedScene;
let index: HostileIndex;
let tree: Map<string, Uint8Array>;
let client: Client;
let indexKey: string;
let policy: string[];
const hour = 3_600_000;

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

const statement = () => tree.get('evidence/demo/releases/1.0/SHA256SUMS') ?? new Uint8Array();
const changed = (): Buffer => Buffer.concat([Buffer.from('x'), wheel().subarray(1)]);

/** The keys of the index are new in each run, and with them the root of TUF and of the log; how well archives are packed is up to Node. */
const expectGolden = (name: string, outcome: CommandOutcome, said: readonly string[] = []): void =>
  expectStored(
    name,
    outcome,
    [
      [index.base, 'https://sign.example.org/'],
      [indexKey, 'INDEX-KEY'],
      [sha256Hex(tree.get('tuf/1.root.json') ?? new Uint8Array()), 'TUF-ROOT'],
      [sha256Hex(wheel()), 'SHA-OF-WHEEL'],
      [sha256Hex(sdist()), 'SHA-OF-SDIST'],
      [sha256Hex(wheel('x = 2\n')), 'SHA-OF-ANOTHER-WHEEL'],
      [sha256Hex(changed()), 'SHA-OF-CHANGED-WHEEL'],
      [sha256Hex(statement()), 'SHA-OF-STATEMENT'],
      [/[0-9]+ bytes/g, 'N bytes'],
      [/"size":[0-9]+,"sha256"/g, '"size":N,"sha256"'],
      [/(root(?: |":"))[A-Za-z0-9+/]{43}=/g, '$1LOG-ROOT'],
      [/127\.0\.0\.1-[0-9]+-[0-9a-f]{12}/g, 'INDEX-FOLDER'],
      [client.folder, '~'],
    ],
    said,
  );

const trust = (more: Partial<TrustCommandOptions> = {}, ask: Client['ask'] = null) =>
  trustCommand({ index: index.base, projects: [], ...more }, { ...client, ask });
const met = () => trust({ indexKey, policy });
const verify = (more: Partial<VerifyOptions> = {}) => verifyCommand({ what: ['demo==1.0'], ...more }, client);
const download = (more: object = {}) =>
  downloadCommand({ releases: ['demo==1.0'], directory: path.join(client.folder, 'here'), ...more }, client);
/** Where the wheel lies in the index. */
const placeOfWheel = (): string =>
  [...tree.keys()].find((place) => place.startsWith('files/') && place.endsWith(`/${wheelName}`)) ?? '';

describe('trust', () => {
  it('by given fingerprints says what is trusted from now on', async () => {
    expectGolden('trust', await trust({ indexKey, policy }));
    expectGolden('trust-json', await trust({ policy, json: true }));
  });

  it('with nobody at the terminal says what to compare and give', async () => {
    expectGolden('trust-nobody', await trust());
    expectGolden('trust-nobody-project', await trust({ indexKey, projects: ['demo'] }));
    expectGolden('trust-nobody-json', await trust({ json: true }));
  });

  it('at a terminal shows everything before it asks, and a no is no', async () => {
    const { ask, asked } = answering(true);
    const said = await trust({ projects: ['demo'] }, ask);
    expectGolden(
      'trust-asked',
      said,
      asked.flatMap(({ shows, asks }) => [...shows, asks]),
    );
    await trust({ forget: true });
    expectGolden('trust-asked-no', await trust({}, answering(false).ask));
  });

  it('by other fingerprints than the index has is refused', async () => {
    expectGolden('trust-other-key', await trust({ indexKey: ada.key }));
    expectGolden('trust-other-owner', await trust({ indexKey, owner: [`demo=${bo.key}`] }));
  });

  it('is forgotten', async () => {
    await met();
    expectGolden('trust-forget', await trust({ forget: true }));
    expectGolden('trust-forget-json', await trust({ forget: true, json: true }));
  });
});

describe('status', () => {
  it('says what is trusted, how fresh it was, and that nothing is', async () => {
    expectGolden('status-nothing', statusCommand({}, client));
    await met();
    expectGolden('status', statusCommand({}, client));
    expectGolden('status-json', statusCommand({ json: true }, client));
    client.now += 25 * hour;
    expectGolden('status-stale', statusCommand({}, client));
  });

  it('says that what is kept is damaged', async () => {
    await met();
    const folder = path.join(client.home.state, 'indexes');
    writeFileSync(path.join(folder, readdirSync(folder)[0] ?? '', 'pin.json'), '{');
    expectGolden('status-damaged', statusCommand({}, client));
  });
});

describe('verify', () => {
  it('says who signed what of a release that holds', async () => {
    await met();
    expectGolden('verify', await verify());
    expectGolden('verify-json', await verify({ json: true }));
    expectGolden('verify-index-alone', await verify({ trust: 'index' }));
  });

  it('says of a file that is here that it is the signed one, and of another that it is not', async () => {
    await met();
    const file = path.join(client.folder, wheelName);
    writeFileSync(file, wheel());
    expectGolden('verify-file', await verify({ what: [file] }));
    writeFileSync(file, wheel('x = 2\n'));
    expectGolden('verify-other-file', await verify({ what: [file] }));
  });

  it('says why a release is not accepted', async () => {
    expectGolden('verify-not-met', await verify({ index: index.base, indexKey }));
    await met();
    expectGolden('verify-no-such-release', await verify({ what: ['demo==9.0'] }));
    expectGolden('verify-demand', await verify({ threshold: '3' }));
    expectGolden('verify-demand-json', await verify({ threshold: '3', json: true }));
    index.tree.delete('evidence/demo/releases/1.0/SHA256SUMS.asc');
    expectGolden('verify-signatures-gone', await verify());
  });
});

describe('download', () => {
  it('says what it kept and where', async () => {
    await met();
    expectGolden('download', await download());
    expectGolden('download-json', await download({ json: true }));
  });

  it('says why it kept nothing', async () => {
    await met();
    mkdirSync(path.join(client.folder, 'here'));
    writeFileSync(path.join(client.folder, 'here', wheelName), 'mine');
    expectGolden('download-exists', await download());
    index.tree.set(placeOfWheel(), changed());
    expectGolden('download-other-bytes', await download({ directory: path.join(client.folder, 'there') }));
  });
});

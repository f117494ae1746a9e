// An index that turned evil after it was met (origin of the project, 6): whoever runs it has every key of the countersigner, so that lists, records, log and TUF
// metadata are signed and fit each other. What it says is held against the people's signatures and against what was seen. One lie a row; each is refused
// with its own code, and pins and files stay byte for byte as they were. docs/formats/lies.md is this table for readers.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Yank } from '#lib/core/declaration.ts';
import { renderInstant, type FileName, type Version } from '#lib/core/ids.ts';
import type { Policy, PolicyPerson } from '#lib/core/policy.ts';
import type { ReleaseList } from '#lib/core/release-list.ts';
import { yankPath } from '#lib/evidence/index-tree.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { makeZip, metadataText, wheelFiles } from '../../support/archives.ts';
import {
  copyOf,
  declarationAt,
  publishChanged,
  publishByOtherKey,
  publishForged,
  publishList,
  publishPaths,
  publishPolicy,
  type ForgedRelease,
} from '../../support/evil-index.ts';
import { openLiedTo, type LiedTo } from '../../support/lied-to.ts';
import {
  ada,
  addDeclaration,
  addPolicy,
  bo,
  chi,
  demo,
  eve,
  firstPolicy,
  minute,
  noon,
  openScene,
  policyBytes,
  wheel,
  wheelName,
  type Scene,
  type Signer,
} from '../../support/scene.ts';
import { openOneRelease } from '../../support/two-releases.ts';

/** demo 1.0 was published under policy 1 (2 of ada, bo, chi); then came policy 2, under which chi is gone. */
const second: Policy = {
  ...firstPolicy(),
  ...{ version: 2, previous: sha256Hex(policyBytes(firstPolicy())), people: firstPolicy().people.slice(0, 2) },
  retired: [{ name: chi.name, keys: [chi.key], since: renderInstant(noon - 10 * minute) }],
};

let held: LiedTo;
beforeAll(async () => {
  const scene = await openOneRelease();
  addPolicy(scene, second, [ada]);
  expect((await scene.round()).policies).toEqual(['demo']);
  held = await openLiedTo(scene);
  expect(await held.verify('demo==1.0', {}, true)).toMatchObject({ exit: 0 });
  held.remember();
});
afterEach(() => held.again());
afterAll(() => held?.close());

const forged = (by: ForgedRelease['by'], change: Partial<ForgedRelease> = {}): ForgedRelease => ({
  ...{ version: '9.9', files: { ['demo-9.9-py3-none-any.whl' as FileName]: wheel('evil = 1\n') }, by },
  ...change,
});
const third = (change: Partial<Policy>): Policy => ({
  ...second,
  ...{ version: 3, previous: sha256Hex(policyBytes(second)), ...change },
});
const [adaNow, boNow] = second.people as [PolicyPerson, PolicyPerson];
const boWithEvesKey = [adaNow, { ...boNow, keys: [...boNow.keys, eve.key] }];
const boAsOwner: PolicyPerson[] = [adaNow, { ...boNow, role: 'owner' }];
const laterWheel = (content: string): Buffer =>
  makeZip(
    wheelFiles({
      ...{ files: { 'demo/__init__.py': content }, info: 'demo-2.0.dist-info' },
      metadata: metadataText({ version: '2.0' }),
    }),
  );
const withEve = third({
  people: [...firstPolicy().people.slice(0, 2), { name: eve.name, role: 'maintainer', keys: [eve.key] }],
});
const [byAda, byBo, byChi, byEve] = [{ signer: ada }, { signer: bo }, { signer: chi }, { signer: eve }];

const withoutVersion = (s: Scene) => publishList(s, (list) => ({ serial: list.serial + 1, versions: {} }));
const ofOther = (what: 'project' | 'index') => (list: ReleaseList) => ({ serial: list.serial + 1, [what]: 'other' });

const otherHtml = async (s: Scene) => {
  const html = Buffer.from((await s.tree()).get('simple/demo/index.html') ?? []).toString();
  await publishPaths(
    s,
    new Map([['simple/demo/index.html', Buffer.from(html.replace(/sha256=[0-9a-f]{64}/, `sha256=${'a'.repeat(64)}`))]]),
  );
};

type Lie = [name: string, tell: (evil: Scene) => Promise<void>, code: string, what?: string];

const new9 = 'demo==9.9';
const lies: Lie[] = [
  // Signatures of people.
  [
    'a release that one of two people signed',
    (s) => publishForged(s, forged([byAda])),
    'release.below-threshold',
    new9,
  ],
  [
    'a release that one person signed twice',
    (s) => publishForged(s, forged([byAda, { ...byAda, made: noon - 5 * minute }])),
    'release.below-threshold',
    new9,
  ],
  [
    'a release that a stranger signed',
    (s) => publishForged(s, forged([byAda, byEve])),
    'release.below-threshold',
    new9,
  ],
  [
    'a release that somebody signed who has left',
    (s) => publishForged(s, forged([byAda, byChi])),
    'release.below-threshold',
    new9,
  ],
  [
    'what people signed for another project',
    (s) => publishForged(s, forged([byAda, byBo], { statement: { project: 'other' as never } })),
    'evidence.other-release',
    new9,
  ],
  [
    'what people signed for another index',
    (s) => publishForged(s, forged([byAda, byBo], { statement: { index: 'other.example.org' as never } })),
    'evidence.other-release',
    new9,
  ],
  [
    'what people signed for another version',
    (s) => publishForged(s, forged([byAda, byBo], { statement: { version: '8.0' as Version } })),
    'evidence.other-release',
    new9,
  ],
  [
    'a record with other files than people signed',
    (s) => publishForged(s, forged([byAda, byBo], { record: { files: otherFiles() } })),
    'evidence.record-differs',
    new9,
  ],
  [
    'files that people signed one by one, as another version',
    (s) => publishForged(s, forged([], { overFiles: [ada, bo], files: { ['demo-9.9-py3-none-any.whl']: wheel() } })),
    'distribution.mismatch',
    new9,
  ],
  [
    'files that people signed one by one, of another version under their own name',
    (s) => publishForged(s, forged([], { overFiles: [ada, bo], files: { [wheelName]: wheel() } })),
    'evidence.other-release',
    new9,
  ],
  // Rules.
  [
    'a threshold that the owner lowered alone',
    (s) => publishPolicy(s, third({ threshold: 1 }), [ada]),
    'evidence.policy-not-signed',
  ],
  ['a person whom the owner added alone', (s) => publishPolicy(s, withEve, [ada]), 'evidence.policy-not-signed'],
  ['a policy that nobody signed', (s) => publishPolicy(s, third({}), []), 'evidence.policy-not-signed'],
  [
    'a policy that does not follow the chain',
    (s) => publishPolicy(s, third({ previous: 'a'.repeat(64) as never }), [ada, bo]),
    'policy.breaks-chain',
  ],
  [
    'another policy in the place of a known one',
    (s) => publishPolicy(s, { ...second, threshold: 1 }, [ada, bo]),
    'evidence.policy-rewritten',
  ],
  [
    'a chain that ends before the known one',
    (s) => publishPolicy(s, firstPolicy(), [ada]),
    'evidence.policy-went-back',
  ],
  // What was seen before.
  [
    'a new version under the rules of before, signed by somebody who has left',
    (s) => publishForged(s, forged([byAda, byChi], { record: { policy: 1 } })),
    'trust.older-rules',
    new9,
  ],
  [
    'a new version whose second record counts somebody who had left',
    (s) => publishForged(s, forged([byAda, byChi], { record: { serial: 2 } })),
    'trust.signed-after-leaving',
    new9,
  ],
  [
    'a new version under the rules of before, though another one is asked for',
    (s) => publishForged(s, forged([byAda, byChi], { record: { policy: 1 } })),
    'trust.older-rules',
  ],
  [
    'a new version that counts somebody who had left, though another one is asked for',
    (s) => publishForged(s, forged([byAda, byChi], { record: { serial: 2 } })),
    'trust.signed-after-leaving',
  ],
  [
    'a known version with other files in its next record, though another one is asked for',
    async (s) => {
      await publishForged(s, forged([byAda, byBo]));
      await publishForged(s, forged([byAda, byBo], { version: '1.0', files: evilWheel(), record: { serial: 2 } }));
    },
    'trust.release-replaced',
    new9,
  ],
  [
    'the record of another version under the name of this one',
    (s) => publishMisnamed(s),
    'evidence.record-differs',
    new9,
  ],
  [
    'a known version with other files in its next record',
    (s) => publishForged(s, forged([byAda, byBo], { version: '1.0', files: evilWheel(), record: { serial: 2 } })),
    'trust.release-replaced',
  ],
  [
    'a known record with other bytes',
    (s) => publishForged(s, forged([byAda, byBo], { version: '1.0', files: evilWheel() })),
    'trust.record-rewritten',
  ],
  ['an older list', (s) => publishList(s, () => ({ serial: 2 })), 'trust.older-list'],
  [
    'another list under a known number',
    (s) => publishList(s, () => ({ date: renderInstant(noon + minute) })),
    'trust.list-rewritten',
  ],
  [
    'a list from which a known version vanished',
    async (s) => {
      await publishForged(s, forged([byAda, byBo]));
      await publishList(s, ({ serial, versions }) => ({
        serial: serial + 1,
        versions: { '9.9': versions['9.9'] as never },
      }));
    },
    'trust.version-vanished',
    new9,
  ],
  ['a list from which the version that is asked for vanished', withoutVersion, 'trust.version-vanished'],
  ['a list of another project', (s) => publishList(s, ofOther('project')), 'evidence.record-differs'],
  ['a page that offers another file as HTML than as JSON', otherHtml, 'page.forms-differ'],
  ['a list of another index', (s) => publishList(s, ofOther('index')), 'evidence.record-differs'],
];

/** The list says 9.9, and means the record of 1.0. */
async function publishMisnamed(s: Scene): Promise<void> {
  const tree = await s.tree();
  const copies = ['.json', '.json.asc'].map(
    (end) =>
      [`evidence/demo/releases/9.9/1${end}`, tree.get(`evidence/demo/releases/1.0/1${end}`) ?? Buffer.of()] as const,
  );
  await publishPaths(s, new Map(copies));
  await publishList(s, ({ serial, versions }) => ({
    serial: serial + 1,
    versions: { ...versions, '9.9': versions['1.0'] as never },
  }));
}

const evilWheel = (): Record<string, Buffer> => ({ [wheelName]: wheel('evil = 1\n') });
const otherFiles = () => [
  {
    ...{ name: 'demo-9.9-py3-none-any.whl' as FileName, size: wheel().length, sha256: sha256Hex(wheel()) },
    ...{ blake2b256: '0'.repeat(64) as never, metadataSha256: null, requiresPython: null },
  },
];

describe('whoever knows the project refuses', () => {
  test.each(lies)('%s', async (_, tell, code, what = 'demo==1.0') => {
    const evil = await copyOf(held.scene);
    try {
      await tell(evil);
      await held.serve(evil);
      const before = held.picture();
      expect(await held.verify(what)).toMatchObject({ exit: 1, code });
      expect(held.picture()).toEqual(before);
    } finally {
      evil.close();
    }
  });
});

const ofUnyank = { action: 'unyank', number: 2, policy: 2, reason: 'all is well' } as const;
const unyankBy =
  (signer: Signer, change: Partial<Yank> = {}) =>
  async (s: Scene) => {
    const document = addDeclaration(s, { ...ofUnyank, ...change }, [signer]);
    await publishChanged(
      s,
      { yanked: null },
      undefined,
      declarationAt(yankPath(demo, '1.0' as Version, 2), document, signer),
    );
  };
const ofStatus = { type: 'countersign/status', status: 'archived', policy: 2 } as const;

const dropped: [name: string, tell: (evil: Scene) => Promise<unknown>, what?: string][] = [
  ['a yank that nobody takes back', (s) => publishChanged(s, { yanked: null })],
  [
    'a yank that nobody takes back, though another version is asked for',
    async (s) => {
      await publishForged(s, forged([byAda, byBo]));
      await publishChanged(s, { yanked: null });
    },
    new9,
  ],
  ['a yank that somebody takes back who is no owner', unyankBy(bo)],
  ['a yank that is taken back by rules that had ended', unyankBy(ada, { policy: 1 })],
  ['a yank that is taken back by what an owner said before', unyankBy(ada, { number: 1 })],
  ['a yank that is taken back for another version', unyankBy(ada, { version: '2.0' as Version })],
  ['the status of a project that nobody takes back', (s) => publishChanged(s, {}, null)],
];

describe('whoever has seen what an owner declared refuses an index that drops', () => {
  test.each(dropped)('%s', async (_, tell, what = 'demo==1.0') => {
    const evil = await copyOf(held.scene);
    try {
      await declareAndSee(evil);
      await tell(evil);
      await held.serve(evil);
      const before = held.picture();
      expect(await held.verify(what)).toMatchObject({ exit: 1, code: 'trust.declaration-dropped' });
      expect(held.picture()).toEqual(before);
    } finally {
      evil.close();
    }
  });
});

test('whoever looks at the people alone, and at no release, refuses it as well', async () => {
  const evil = await copyOf(held.scene);
  try {
    await declareAndSee(evil);
    expect(await held.trust('demo')).toMatchObject({ exit: 0 });
    await publishChanged(evil, { yanked: null });
    await held.serve(evil);
    const before = held.picture();
    expect(await held.trust('demo')).toMatchObject({ exit: 1, code: 'trust.declaration-dropped' });
    expect(held.picture()).toEqual(before);
  } finally {
    evil.close();
  }
});

test('what an owner takes back is taken back', async () => {
  const honest = await copyOf(held.scene);
  try {
    await declareAndSee(honest);
    addDeclaration(honest, ofUnyank);
    addDeclaration(honest, { ...ofStatus, number: 2, status: 'active' });
    expect((await honest.round()).declared).toEqual(['demo yank 1.0', 'demo status']);
    await held.serve(honest);
    expect(await held.verify()).toMatchObject({ exit: 0 });
  } finally {
    honest.close();
  }
});

/** An owner yanks 1.0 and archives the project, and the client sees it. */
async function declareAndSee(scene: Scene): Promise<void> {
  addDeclaration(scene, { policy: 2 });
  addDeclaration(scene, ofStatus);
  expect((await scene.round()).declared).toEqual(['demo yank 1.0', 'demo status']);
  await held.serve(scene);
  expect(await held.verify()).toMatchObject({ exit: 0 });
}

const asked: Lie[] = [
  ['a lowered threshold', (s) => publishPolicy(s, third({ threshold: 1 }), [ada, bo]), 'trust.threshold-lowered'],
  ['a new person', (s) => publishPolicy(s, withEve, [ada, bo]), 'trust.new-key'],
  ['a new key', (s) => publishPolicy(s, third({ people: boWithEvesKey }), [ada, bo]), 'trust.new-key'],
  ['weaker rules', (s) => publishPolicy(s, third({ people: boAsOwner }), [ada, bo]), 'trust.weaker-rules'],
  ['a new chain', (s) => publishPolicy(s, third({ previous: null, threshold: 1 }), [ada]), 'trust.new-chain'],
];

test('another key of the index, for which the known one does not vouch, is refused', async () => {
  const [evil, other] = [await copyOf(held.scene), await openScene()];
  try {
    await publishByOtherKey(evil, other.keys);
    await held.serve(evil);
    const before = held.picture();
    expect(await held.verify('demo==1.0', {}, true)).toMatchObject({ exit: 1, code: 'verify.other-index-key' });
    expect(held.picture()).toEqual(before);
  } finally {
    evil.close();
    other.close();
  }
});

describe('whoever knows the project is asked, and nothing is taken without an answer, about', () => {
  test.each(asked)('%s', async (_, tell, code) => {
    const evil = await copyOf(held.scene);
    try {
      await tell(evil);
      await held.serve(evil);
      const before = held.picture();
      expect(await held.verify()).toMatchObject({ exit: 4, code });
      // Who owns it is one question, whether its rules may be weaker another.
      const owner = [`demo=${ada.key}`, `demo=${bo.key}`];
      expect(await held.verify('demo==1.0', { owner })).toMatchObject({ exit: 4, code });
      expect(await held.verify('demo==1.0', {}, false)).toMatchObject({ exit: 1, code: 'trust.not-accepted' });
      expect(held.picture()).toEqual(before);
      expect(await held.verify('demo==1.0', {}, true)).toMatchObject({ exit: 0 });
      expect(await held.verify()).toMatchObject({ exit: 0 });
    } finally {
      evil.close();
    }
  });
});

test('a file that is one thing while its signatures are looked at and another one afterwards is refused', async () => {
  const evil = await copyOf(held.scene);
  const signed = laterWheel('x = 1\n');
  // As large as the other, or its size would give it away.
  const others = Array.from({ length: 50 }, (_, at) => laterWheel(`y = ${at}\n`));
  const installed = others.find(({ length }) => length === signed.length) ?? Buffer.alloc(0);
  try {
    const files = { ['demo-2.0-py3-none-any.whl']: installed };
    await publishForged(evil, { version: '2.0', files, by: [], overFiles: [ada, bo], signedInstead: signed });
    await held.serve(evil);
    // What does not fit is looked at a second time; then nobody has signed it.
    let times = 0;
    held.index.answer(/2\.0-py3-none-any\.whl$/, (res, honest) => res.end((times += 1) % 2 === 1 ? signed : honest));
    const before = held.picture();
    expect(await held.verify('demo==2.0')).toMatchObject({ exit: 1, code: 'release.below-threshold' });
    expect(held.picture()).toEqual(before);
  } finally {
    evil.close();
  }
});

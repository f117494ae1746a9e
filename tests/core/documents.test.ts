// Every signed document has one spelling: exact bytes in, the same bytes out, and each changed byte refused.
import { describe, expect, it } from 'vitest';
import { readDeclaration, renderDeclaration, type StatusDeclaration, type Yank } from '#lib/core/declaration.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { readKeyProof, renderKeyProof } from '#lib/core/key.ts';
import { readPolicy, renderPolicy } from '#lib/core/policy.ts';
import { readReleaseList, renderReleaseList } from '#lib/core/release-list.ts';
import { readRecord, renderRecord, type ReleaseRecord } from '#lib/core/release.ts';
import { readStatement, renderStatement } from '#lib/core/statement.ts';
import type { Version } from '#lib/core/ids.ts';
import { digest, fileName, index, instant, key, name, noon, policy, project, version } from '../support/cases.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

const statementText = `# countersign release statement 1
# index: sign.example.org
# project: sunrise
# version: 1.2.0
# draft: 6f2c9d1e4b7a
# revision: 3
# opened by: ada
${'1'.repeat(64)}  sunrise-1.2.0-py3-none-any.whl
${'2'.repeat(64)}  sunrise-1.2.0.tar.gz
`;

const record: ReleaseRecord = {
  type: 'countersign/release',
  format: 1,
  ...{ index, project, version, serial: 1, state: 'published', reason: null, yanked: null, policy: 3 },
  ...{ policySha256: digest('3'), statementSha256: digest('4') },
  files: [
    {
      name: fileName('sunrise-1.2.0.tar.gz'),
      size: 7,
      sha256: digest('2'),
      blake2b256: digest('5'),
      metadataSha256: null,
      requiresPython: '>=3.10',
    },
  ],
  signatures: [
    {
      person: name('ada'),
      key: key('a'),
      issuer: key('a'),
      over: 'statement',
      made: instant(noon),
      received: instant(noon),
      sha256: digest('6'),
    },
  ],
  date: instant(noon),
};
const list = {
  type: 'countersign/releases',
  format: 1,
  index,
  project,
  serial: 2,
  policy: 3,
  status: { status: 'archived', reason: 'nobody works on it', by: name('ada'), sha256: digest('8') },
  versions: { ['1.2.0' as Version]: { serial: 1, sha256: digest('7') } },
  date: instant(noon),
} as const;
const proof = { index, account: name('ada'), key: key('a'), at: instant(noon), nonce: 'ab'.repeat(16) };

const declared = { format: 1, index, project, number: 2, policy: 3, date: instant(noon) } as const;
const reason = 'loses data on 3.14';
const yank: Yank = { ...declared, type: 'countersign/yank', version: '1.2.0' as Version, action: 'yank', reason };
const status: StatusDeclaration = { ...declared, type: 'countersign/status', status: 'archived', reason };

const kinds = [
  { kind: 'statement', text: statementText, again: (b: Uint8Array) => renderStatement(readStatement(b)) },
  {
    kind: 'policy',
    text: renderPolicy(
      policy({
        retired: [{ name: name('bo'), keys: [key('b', 2)], since: instant(noon) }],
        struck: [{ name: name('eve'), keys: [key('e')], since: null, reason: 'rogue' }],
      }),
    ),
    again: (b: Uint8Array) => renderPolicy(readPolicy(b)),
  },
  { kind: 'release record', text: renderRecord(record), again: (b: Uint8Array) => renderRecord(readRecord(b)) },
  {
    kind: 'release list',
    text: renderReleaseList(list),
    again: (b: Uint8Array) => renderReleaseList(readReleaseList(b)),
  },
  { kind: 'yank', text: renderDeclaration(yank), again: (b: Uint8Array) => renderDeclaration(readDeclaration(b)) },
  { kind: 'status', text: renderDeclaration(status), again: (b: Uint8Array) => renderDeclaration(readDeclaration(b)) },
  { kind: 'key proof', text: renderKeyProof(proof), again: (b: Uint8Array) => renderKeyProof(readKeyProof(b)) },
];

describe.each(kinds)('the $kind', ({ text, again }) => {
  it('reads back to exactly the bytes that were printed', () => {
    expect(again(bytes(text))).toBe(text);
  });

  it('is refused in every second spelling', () => {
    const spellings = [
      `${text}\n`,
      text.slice(0, -1),
      ` ${text}`,
      `\ufeff${text}`,
      text.replaceAll('\n', '\r\n'),
      text.replace('\n', '\n\n'),
      text.replace(': ', ':  '),
      text.replace(': ', ':'),
    ];
    expect(spellings.map((spelling) => outcome(() => again(bytes(spelling))))).toEqual(spellings.map(() => 'refused'));
  });

  it('never reads to the same text once a byte was changed, and never crashes', () => {
    const original = bytes(text);
    for (let position = 0; position < original.length; position += 1) {
      const changed = original.slice();
      changed[position] = (changed[position] ?? 0) ^ 0x01;
      const result = outcome(() => (again(changed) === text ? 'the same' : 'another'));
      expect(['refused', 'another']).toContain(result);
    }
  });
});

const hostile: [string, () => unknown][] = [
  [
    'a declaration of an unknown kind',
    () => readDeclaration(bytes(renderDeclaration(yank).replace('/yank"', '/delete"'))),
  ],
  [
    'a yank that says another word',
    () => readDeclaration(bytes(renderDeclaration(yank).replace('"yank",', '"destroy",'))),
  ],
  ['a yank without a reason', () => readDeclaration(bytes(renderDeclaration({ ...yank, reason: ' ' })))],
  ['a yank whose reason has two lines', () => readDeclaration(bytes(renderDeclaration({ ...yank, reason: 'a\nb' })))],
  ['a yank of a local version', () => readDeclaration(bytes(renderDeclaration(yank).replace('1.2.0', '1.2.0+x')))],
  ['a yank with number 0', () => readDeclaration(bytes(renderDeclaration({ ...yank, number: 0 })))],
  [
    'a status that PEP 792 has and we do not',
    () => readDeclaration(bytes(renderDeclaration(status).replace('archived', 'deprecated'))),
  ],
  [
    'a status that carries a version',
    () => readDeclaration(bytes(renderDeclaration(yank).replace('/yank"', '/status"'))),
  ],
  [
    'a policy with a key that stands twice',
    () => readPolicy(bytes(renderPolicy(policy()).replace('"format": 1,', '"format": 1,\n  "format": 1,'))),
  ],
  [
    'a policy with an unknown field',
    () => readPolicy(bytes(renderPolicy(policy()).replace('"format": 1,', '"format": 1,\n  "extra": 1,'))),
  ],
  ['a policy with threshold 0', () => readPolicy(bytes(renderPolicy(policy({ threshold: 0 }))))],
  [
    'a policy with threshold 2.0',
    () => readPolicy(bytes(renderPolicy(policy()).replace('"threshold": 2', '"threshold": 2.0'))),
  ],
  ['a policy without an owner', () => readPolicy(bytes(renderPolicy(policy({ people: [] }))))],
  [
    'a policy in which two people share a key',
    () =>
      readPolicy(
        bytes(
          renderPolicy(
            policy({
              people: [
                { name: name('ada'), role: 'owner', keys: [key('a')] },
                { name: name('bo'), role: 'maintainer', keys: [key('a')] },
              ],
            }),
          ),
        ),
      ),
  ],
  [
    'a policy that asks for more owners than there are',
    () => readPolicy(bytes(renderPolicy(policy({ ownerThreshold: 2 })))),
  ],
  [
    'a policy of a day that does not exist',
    () => readPolicy(bytes(renderPolicy(policy()).replace('2026-11-22', '2026-02-30'))),
  ],
  [
    'a statement whose files are not in order',
    () => readStatement(bytes(statementText.split('\n').sort().reverse().join('\n'))),
  ],
  [
    'a statement that names a file twice',
    () => readStatement(bytes(statementText.replace('sunrise-1.2.0.tar.gz', 'sunrise-1.2.0-py3-none-any.whl'))),
  ],
  ['a statement without files', () => readStatement(bytes(statementText.split('\n').slice(0, 7).join('\n') + '\n'))],
  [
    'a statement with a path as file name',
    () => readStatement(bytes(statementText.replace('sunrise-1.2.0.tar.gz', '../sunrise-1.2.0.tar.gz'))),
  ],
  [
    'a statement with upper-case digests',
    () => readStatement(bytes(statementText.replace('1'.repeat(64), 'A'.repeat(64)))),
  ],
  ['a statement with revision 03', () => readStatement(bytes(statementText.replace('revision: 3', 'revision: 03')))],
  ['a policy handed in as a statement', () => readStatement(bytes(renderPolicy(policy())))],
  ['a statement handed in as a policy', () => readPolicy(bytes(statementText))],
  ['bytes that are not UTF-8', () => readPolicy(new Uint8Array([0xff, 0xfe, 0x00]))],
];

describe('hostile documents', () => {
  it.each(hostile)('%s is refused', (_, read) => {
    expect(outcome(read)).toBe('refused');
  });
});

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (fault) {
    if (isRefusal(fault)) return 'refused';
    throw fault;
  }
}

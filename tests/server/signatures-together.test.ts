// Signatures that wait at the same moment are taken in one transaction (decisions/075). Nobody may be able to tell: rows, history, mail and answers are those of
// one after the other, also where the threshold is met in the middle of them, or one of them is refused.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { checkPackets } from '#lib/server/judge/check-packets.ts';
import { enterSignature, type Signing } from '#lib/server/judge/sign-together.ts';
import { loadSigningCase } from '#lib/server/judge/signing-case.ts';
import { sayStanding } from '#lib/server/judge/say-standing.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makePerson, makeWorld, signBytes, type TestPerson, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let stranger: TestPerson;
let count = 0;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  stranger = await makePerson('eve');
});
afterAll(() => runtime.close());

const open = async (): Promise<string> => (await makeDraft(world.ada, world.project, `1.${(count += 1)}.0`)).draft;

type Who = 'ada' | 'bo' | 'chi';
/** `by` signs and `from` hands it in; `old`: they looked at another revision. */
type Act = { by: Who; from?: Who | 'eve'; old?: true; over?: string };
const personOf = (name: Who | 'eve'): TestPerson => (name === 'eve' ? stranger : world[name]);

/** The very packets once for each draft, checked over it. */
async function signingsOf(draft: string, acts: readonly Act[]): Promise<Signing[]> {
  const { bytes } = await statementBytes(world.ada.actor, draft);
  const { certificates, targets } = await loadSigningCase({ actor: world.ada.actor, draft });
  return Promise.all(
    acts.map(async ({ by, from = by, old, over }) => {
      const signature = await signBytes(world[by].key, over === undefined ? bytes : Buffer.from(over));
      const checked = await checkPackets(await readSignatures(signature), certificates, targets);
      const { actor } = personOf(from);
      return { actor, draft, expectedRevision: old && 7, checked, way: 'upload' };
    }),
  );
}

const answerOf = ({ status, ...ended }: PromiseSettledResult<Awaited<ReturnType<typeof enterSignature>>>): object => {
  if ('reason' in ended) return isRefusal(ended.reason) ? { code: ended.reason.code } : { fault: String(ended.reason) };
  const { value } = ended as PromiseFulfilledResult<Awaited<ReturnType<typeof enterSignature>>>;
  const outcomes = value.outcomes.map(({ packetSha256: _, ...outcome }) => outcome);
  return { status, outcomes, state: value.loaded.draft.state, standing: sayStanding(value.loaded) };
};

/** Everything that can be seen of a draft, without what differs from one draft to the next. */
async function rowsOf(draft: string): Promise<unknown> {
  const of = { where: { draftId: draft } };
  const row = await runtime.db.draft.findUniqueOrThrow({ where: { id: draft } });
  const signatures = await runtime.db.signature.findMany({ ...of, orderBy: { personName: 'asc' } });
  const history = await runtime.db.historyEntry.findMany({ ...of, orderBy: { id: 'asc' } });
  const mails = await runtime.db.mail.findMany({
    where: { text: { contains: draft } },
    select: { event: true, toPerson: true, subject: true, nextAt: true },
    orderBy: [{ event: 'asc' }, { toPerson: 'asc' }],
  });
  const seen = {
    draft: { state: row.state, approvedAt: row.approvedAt, metAt: row.metAt },
    signatures: signatures.map(({ id: _, packet: __, packetSha256: ___, ...signature }) => signature),
    history: history.map(({ id: _, details, ...entry }) => ({
      ...entry,
      details: { ...Object(details), packet: null },
    })),
    mails,
  };
  return JSON.parse(JSON.stringify(seen).replaceAll(draft, 'DRAFT').replaceAll(row.version, 'VERSION'));
}

async function oneAfterTheOther(signings: readonly Signing[]): Promise<object[]> {
  const answers: object[] = [];
  for (const signing of signings) answers.push(answerOf((await Promise.allSettled([enterSignature(signing)]))[0]));
  return answers;
}

/** Behind one for another draft, all of them wait together. */
async function together(signings: readonly Signing[]): Promise<object[]> {
  const [before] = await signingsOf(await open(), [{ by: 'ada' }]);
  if (before === undefined) throw new Error('nobody signs');
  const transactions = vi.spyOn(runtime.db, '$transaction');
  const [, ...ended] = await Promise.allSettled([before, ...signings].map(enterSignature));
  expect(transactions).toHaveBeenCalledTimes(2);
  transactions.mockRestore();
  return ended.map(answerOf);
}

describe('a group gives the same rows and answers as one at a time', () => {
  const table: Record<string, readonly Act[]> = {
    'where the threshold is met in the middle': [{ by: 'ada' }, { by: 'bo' }, { by: 'chi' }],
    'where one is over other bytes': [{ by: 'ada' }, { by: 'chi', over: 'something else' }, { by: 'bo' }],
    'where a stranger hands one in': [
      { by: 'ada', from: 'eve' },
      { by: 'bo', from: 'eve' },
      { by: 'ada' },
      { by: 'chi' },
    ],
    'where one looked at another revision': [{ by: 'bo', old: true }, { by: 'ada' }, { by: 'chi' }],
    'where one person signs twice': [{ by: 'ada' }, { by: 'ada' }, { by: 'bo' }],
    'where one hands in another’s, and that one too': [{ by: 'ada', from: 'bo' }, { by: 'ada' }, { by: 'bo' }],
    'where nobody’s counts': [
      { by: 'ada', over: 'one' },
      { by: 'bo', over: 'two' },
    ],
  };
  it.each(Object.entries(table))('%s', async (_, acts) => {
    const [apart, joined] = [await open(), await open()];
    const answers = await oneAfterTheOther(await signingsOf(apart, acts));
    expect(await together(await signingsOf(joined, acts))).toEqual(answers);
    expect(await rowsOf(joined)).toEqual(await rowsOf(apart));
  });

  it('for several drafts at once, each by its own count', async () => {
    const [one, other] = [await open(), await open()];
    const [adas = [], bos = []] = [
      await signingsOf(one, [{ by: 'ada' }, { by: 'bo' }]),
      await signingsOf(other, [{ by: 'bo' }]),
    ];
    const [first, second] = adas;
    if (!first || !second) throw new Error('nobody signs');
    expect(await together([first, ...bos, second])).toMatchObject([
      { state: 'draft', standing: '1 of 2, bo or chi can complete it' },
      { state: 'draft', standing: '1 of 2, ada or chi can complete it' },
      { state: 'approved', standing: '2 of 2, publishing' },
    ]);
  });
});

it('one that breaks the transaction of its group is refused alone, and the others count', async () => {
  const draft = await open();
  const [ada, chi, bo] = await signingsOf(draft, [{ by: 'ada' }, { by: 'chi' }, { by: 'bo' }]);
  const [before] = await signingsOf(await open(), [{ by: 'ada' }]);
  if (!before || !ada || !bo || !chi) throw new Error('nobody signs');
  // No row can be without a way: what is written for it fails.
  const broken = { ...chi, way: null as unknown as Signing['way'] };
  const ended = await Promise.allSettled([before, ada, broken, bo].map(enterSignature));
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  const rows = await runtime.db.signature.findMany({ where: { draftId: draft }, orderBy: { personName: 'asc' } });
  expect(rows.map(({ personName }) => personName)).toEqual(['ada', 'bo']);
});

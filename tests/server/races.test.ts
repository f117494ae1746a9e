// Two people at once: held at named points so that both have read the same state, then let go together.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addPolicySignature } from '#lib/server/commands/add-policy-signature.ts';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { policyBytes } from '#lib/server/queries/policy-page.ts';
import { rounds } from '../support/long.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  makeDraft,
  makeWheel,
  makeWorld,
  signBytes,
  signDraft,
  storeUpload,
  type TestPerson,
  type World,
} from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let count = 0;
const nextVersion = (): string => `5.${(count += 1)}.0`;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
});
afterAll(() => runtime.close());
afterEach(() => {
  delete runtime.hold;
});

/** Everybody who reaches the point waits until so many have; then all go on. */
function holdUntil(point: string, arrivals: number): void {
  let arrived = 0;
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  runtime.hold = async (reached) => {
    if (reached !== point) return;
    arrived += 1;
    if (arrived >= arrivals) open();
    await gate;
  };
}

/** Holds whoever reaches the point until the work that is given has ended. */
function holdFor(point: string, work: () => Promise<unknown>): void {
  let isDone = false;
  runtime.hold = async (reached) => {
    if (reached !== point || isDone) return;
    isDone = true;
    await work();
  };
}

const sign = async (person: TestPerson, draft: string) => {
  const { bytes } = await statementBytes(person.actor, draft);
  const signature = await signBytes(person.key, bytes);
  return () => addSignature(person.actor, { draft, signature, way: 'upload' });
};
const codeOf = (settled: PromiseSettledResult<unknown>): string =>
  settled.status === 'fulfilled' ? 'done' : isRefusal(settled.reason) ? settled.reason.code : String(settled.reason);
const approvals = (draft: string) =>
  runtime.db.historyEntry.count({ where: { draftId: draft, kind: 'draft.approved' } });

/** One race, again and again: 200 times in the long run, since order is chance. */
const race = (title: string, work: (round: number) => Promise<void>): void =>
  it(title, async () => {
    for (let round = 0; round < rounds(2, 200); round += 1) {
      await work(round);
      delete runtime.hold;
    }
  });

describe('two last signatures that arrive together', () => {
  race('approve the draft exactly once', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    await signDraft(world.ada, draft);
    const [bo, chi] = [await sign(world.bo, draft), await sign(world.chi, draft)];
    holdUntil('add-signature.checked', 2);
    const settled = await Promise.allSettled([bo(), chi()]);
    expect(settled.map(codeOf).sort()).toEqual(['done', 'draft.not-now']);
    expect(await approvals(draft)).toBe(1);
    expect((await draftPage(world.ada.actor, draft)).verdict.counted).toHaveLength(2);
  });

  race('both count where three are needed to be met by two of them and one more', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const [ada, bo] = [await sign(world.ada, draft), await sign(world.bo, draft)];
    holdUntil('add-signature.checked', 2);
    const settled = await Promise.allSettled([ada(), bo()]);
    expect(settled.map(codeOf)).toEqual(['done', 'done']);
    expect(await approvals(draft)).toBe(1);
  });
});

describe('the same signature sent twice at once', () => {
  race('is stored once, and both senders are told so calmly', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const send = await sign(world.bo, draft);
    holdUntil('add-signature.checked', 2);
    const settled = await Promise.all([send(), send()]);
    expect(settled.map((answer) => answer.outcomes[0]?.result).sort()).toEqual(['already-there', 'counted']);
    expect(await runtime.db.signature.count({ where: { draftId: draft } })).toBe(1);
  });
});

describe('a signature that meets', () => {
  race('a change of files is for the revision before, and does not count', async () => {
    const version = nextVersion();
    const { draft } = await makeDraft(world.ada, world.project, version);
    const send = await sign(world.bo, draft);
    const uploads = [await storeUpload(makeWheel(world.project, version, 'x = 9\n'))];
    holdFor('add-signature.checked', () =>
      changeFiles(world.ada.actor, { draft, uploads, remove: [], signatures: [] }),
    );
    expect((await send()).outcomes).toMatchObject([{ result: 'refused', reason: 'other-revision' }]);
  });

  race('a withdrawal comes too late', async () => {
    const { draft } = await makeDraft(world.ada, world.project, nextVersion());
    const send = await sign(world.bo, draft);
    holdFor('add-signature.checked', () => withdrawDraft(world.ada.actor, { draft, reason: 'a mistake' }));
    expect((await Promise.allSettled([send()])).map(codeOf)).toEqual(['draft.not-now']);
    expect(await runtime.db.signature.count({ where: { draftId: draft } })).toBe(0);
  });
});

describe('two drafts of one version that are opened together', () => {
  race('are one draft; the other is led to it', async () => {
    const version = nextVersion();
    const uploads = [await storeUpload(makeWheel(world.project, version))];
    const open = (person: TestPerson) => openDraft(person.actor, { project: world.project, uploads, signatures: [] });
    const settled = await Promise.allSettled([open(world.ada), open(world.bo)]);
    expect(settled.map(codeOf).sort()).toEqual(['done', 'draft.already-open']);
  });
});

describe('two last signatures on a policy', () => {
  race('put it in force once', async (round) => {
    const { ada, bo, chi, project } = await makeWorld(`-race-${round}`);
    const { version } = await proposePolicy(ada.actor, { project, threshold: 1 });
    const { bytes } = await policyBytes(ada.actor, project, version);
    const give = async (person: TestPerson) => {
      const signature = await signBytes(person.key, bytes);
      return () => addPolicySignature(person.actor, { project, version, signature, way: 'upload' });
    };
    await (
      await give(ada)
    )();
    const [first, second] = [await give(bo), await give(chi)];
    holdUntil('add-policy-signature.checked', 2);
    const settled = await Promise.allSettled([first(), second()]);
    expect(settled.map(codeOf).sort()).toEqual(['done', 'policy.not-open']);
    expect(await runtime.db.historyEntry.count({ where: { projectName: project, kind: 'policy.in-force' } })).toBe(3);
  });
});

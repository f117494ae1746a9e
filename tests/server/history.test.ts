// Timelines: what each reader is told, in sentences, with what it can be checked by; and what nobody is told.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { change } from '#lib/server/change.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { plainText } from '#lib/server/history/details.ts';
import { filterQuery, readFilter } from '#lib/server/history/filter.ts';
import { historyGroups, historyKinds, sayKind, type HistoryKind } from '#lib/server/history/kinds.ts';
import { historyChoices, historyEntry, historyOf, historyStream } from '#lib/server/queries/history-of.ts';
import { draftSignature, policySignature } from '#lib/server/queries/signature-bytes.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makePerson, makeWorld, signDraft, visitor, type TestPerson, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let eve: TestPerson;
let draft: string;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld('-told');
  eve = await makePerson('eve-told');
  ({ draft } = await makeDraft(world.ada, world.project));
  runtime.advance(86_400_000);
  await signDraft(world.bo, draft);
});
afterAll(() => runtime.close());

const inProject = () => ({ project: world.project });
const kindsOf = async (...asked: Parameters<typeof historyOf>): Promise<string[]> =>
  (await historyOf(...asked)).lines.map((line) => line.kind);

describe('an entry', () => {
  it('says in a sentence who did what to which release, by which way, and what proves it', async () => {
    const [signed] = (await historyOf(world.ada.actor, { draft })).lines;
    expect(signed).toMatchObject({
      ...{ actor: 'bo-told', says: 'signed revision 1', release: '1.2.0', way: 'upload', reason: null, person: null },
      evidence: [
        { what: 'Statement of revision 1', href: `/drafts/${draft}/SHA256SUMS?revision=1` },
        {
          what: 'Signature',
          href: expect.stringMatching(`^/drafts/${draft}/signatures/[0-9a-f]{64}\\.asc$`) as string,
        },
      ],
      permalink: `/projects/${world.project}/history/${signed?.id}`,
    });
  });

  it('names the policy document and the signature over it', async () => {
    const { lines } = await historyOf(visitor, inProject());
    const inForce = lines.find((line) => line.kind === 'policy.in-force');
    expect(inForce).toMatchObject({
      says: 'put policy 2 in force, signed by ada-told',
      evidence: [{ what: 'Policy 2', href: `/projects/${world.project}/policy/2/2.json` }],
    });
    const signed = (await historyOf(world.bo.actor, inProject())).lines.find((line) => line.kind === 'policy.signed');
    expect(signed?.evidence.map(({ what }) => what)).toEqual(['Policy 2', 'Signature']);
  });

  it('leads to packets that those may fetch who may read what they are over', async () => {
    const [row] = await runtime.db.signature.findMany({ where: { draftId: draft } });
    const packet = row?.packetSha256 ?? '';
    const { fileName, bytes } = await draftSignature(world.chi.actor, draft, packet);
    expect(fileName).toBe(`${world.project}-1.2.0.r1.SHA256SUMS.bo-told.asc`);
    expect(new TextDecoder().decode(bytes)).toMatch(/^-----BEGIN PGP SIGNATURE-----/);
    await expectRefusal(() => draftSignature(eve.actor, draft, packet), 'draft.not-found');
    await expectRefusal(() => draftSignature(world.chi.actor, draft, '0'.repeat(64)), 'signature.no-such-packet');
    const policies = await runtime.db.policySignature.findMany({ include: { policy: true } });
    const over = policies.find(({ policy }) => policy.projectName === world.project && policy.version === 2);
    const ofPolicy = over?.packetSha256 ?? '';
    expect((await policySignature(visitor, world.project, 2, ofPolicy)).bytes.length).toBeGreaterThan(100);
    await expectRefusal(() => policySignature(visitor, world.project, 1, ofPolicy), 'signature.no-such-packet');
  });

  it('has a page of its own in its timeline, and in no other', async () => {
    const [line] = (await historyOf(world.ada.actor, inProject())).lines;
    const id = BigInt(line?.id ?? 0);
    expect(await historyEntry(world.chi.actor, inProject(), id)).toEqual(line);
    for (const reader of [visitor, eve.actor])
      await expectRefusal(() => historyEntry(reader, inProject(), id), 'history.not-found');
    await expectRefusal(() => historyEntry(eve.actor, { person: true }, id), 'history.not-found');
    await expectRefusal(() => historyEntry(world.ada.actor, inProject(), id + 10_000n), 'history.not-found');
    await expectRefusal(() => historyEntry(world.ada.actor, inProject(), null), 'history.not-found');
  });

  it('of every kind is a sentence, also where the row says nothing', () => {
    for (const kind of Object.keys(historyKinds) as HistoryKind[]) {
      expect(sayKind(kind, {}), kind).toMatch(/^[a-z][^{}\n]{5,}[^\s.]$/);
      expect(Object.keys(historyGroups)).toContain(historyKinds[kind].group);
    }
  });
});

describe('a reader', () => {
  it('who is a visitor or a stranger sees the rules and the releases of a project, and no reason, draft or refusal', async () => {
    for (const reader of [visitor, eve.actor]) {
      const { lines } = await historyOf(reader, inProject());
      expect(new Set(lines.map((line) => line.kind))).toEqual(new Set(['project.created', 'policy.in-force']));
      expect(lines.every((line) => line.reason === null && line.draft === null)).toBe(true);
      expect(await historyChoices(reader, inProject())).toEqual({
        groups: ['releases', 'rules'],
        people: ['ada-told', 'bo-told', 'chi-told'],
        releases: [],
      });
      expect(JSON.stringify(lines)).not.toMatch(/@|1\.2\.0/);
    }
  });

  it('sees no draft’s timeline and no account’s but their own', async () => {
    await expectRefusal(() => historyOf(eve.actor, { draft }), 'draft.not-found');
    await expectRefusal(() => historyOf(visitor, { person: true }), 'person.sign-in-first');
    const own = await historyOf(eve.actor, { person: true });
    expect(own.lines.every((line) => line.actor === 'eve-told')).toBe(true);
    expect(own.lines.map((line) => line.kind)).toContain('key.proven');
    expect(own.lines[0]?.permalink).toMatch(/^\/account\/history\/\d+$/);
  });

  it('who left a project keeps their own acts, without a way into the drafts', async () => {
    await runtime.db.membership.deleteMany({ where: { personName: world.bo.actor.name } });
    const [signed] = (await historyOf(world.bo.actor, { person: true })).lines;
    expect(signed).toMatchObject({ kind: 'signature.added', draft: null, evidence: [] });
    await expectRefusal(() => historyOf(world.bo.actor, { draft }), 'draft.not-found');
    await runtime.db.membership.create({
      data: { projectName: world.project, personName: world.bo.actor.name, role: 'maintainer' },
    });
  });
});

describe('a filter', () => {
  const about = (asked: Record<string, string>) => ({ filter: readFilter(asked) });

  it('narrows by kind, person, release and day', async () => {
    const { actor } = world.ada;
    expect(await kindsOf(actor, inProject(), about({ kind: 'signatures' }))).toEqual(['signature.added']);
    expect(await kindsOf(actor, inProject(), about({ kind: 'drafts', person: 'ada-told' }))).toEqual(['draft.opened']);
    expect(await kindsOf(actor, inProject(), about({ release: '1.2' }))).toEqual(['signature.added', 'draft.opened']);
    expect(await kindsOf(actor, inProject(), about({ from: '2026-11-23' }))).toEqual(['signature.added']);
    const before = await kindsOf(actor, inProject(), about({ until: '2026-11-22' }));
    expect(before).toContain('draft.opened');
    expect(before).not.toContain('signature.added');
    expect(await kindsOf(visitor, inProject(), about({ release: '1.2.0' }))).toEqual([]);
  });

  it('that is none is refused, so that no list holds more than was asked for', () => {
    for (const asked of [
      { kind: 'constructor' },
      { person: 'Ada!' },
      { from: '2026-02-30' },
      { until: 'now' },
      { release: 'x y' },
    ])
      expect(() => readFilter(asked), JSON.stringify(asked)).toThrow();
    expect(() => readFilter({ kind: ['rules', 'people'] })).toThrow();
  });

  it('reads what it writes, and takes empty fields of a form as not given', () => {
    const text = 'kind=rules&person=ada&release=1.2&from=2026-11-01&until=2026-11-30';
    expect(filterQuery(readFilter(Object.fromEntries(new URLSearchParams(text)))).toString()).toBe(text);
    expect(filterQuery(readFilter({ kind: '', person: '', from: '' })).size).toBe(0);
  });
});

describe('a long timeline', () => {
  it('is read in pages that neither repeat nor miss an entry while new ones come', async () => {
    const about = { person: true } as const;
    for (let at = 0; at < 120; at += 1)
      await change(eve.actor, 'web', (work) => work.record('session.started', { person: eve.actor.name }));
    const ids = (lines: { id: string }[]): string[] => lines.map(({ id }) => id);
    const first = await historyOf(eve.actor, about);
    await change(eve.actor, 'web', (work) => work.record('session.ended', { person: eve.actor.name }));
    const second = await historyOf(eve.actor, about, { before: first.older });
    const third = await historyOf(eve.actor, about, { before: second.older });
    const seen = [first, second, third].flatMap(({ lines }) => ids(lines));
    expect(first.lines).toHaveLength(50);
    expect(third.older).toBeNull();
    expect(new Set(seen).size).toBe(seen.length);
    const all: string[] = [];
    for await (const lines of await historyStream(eve.actor, about, readFilter({}))) all.push(...ids(lines));
    expect(all.reverse().slice(1)).toEqual(seen);
  });
});

describe('what is written', () => {
  it('is plain and bounded, whatever a refusal or a form says', async () => {
    const hostile = `\u202egnp.exe\u0000\n<b>${'x'.repeat(9000)}`;
    expect(plainText(hostile)).toMatch(/^ gnp\.exe <b>x+…$/);
    expect(plainText(hostile)).toHaveLength(500);
    expect(plainText('Key “Ada <ada@example.org>” of eve@[10.0.0.1]')).toBe('Key “Ada <(address)>” of (address)');
    await change(eve.actor, 'web', (work) =>
      work.record('file.refused', { person: eve.actor.name, details: { says: hostile, files: [hostile] } }),
    );
    const row = await runtime.db.historyEntry.findFirstOrThrow({ where: { kind: 'file.refused' } });
    expect(JSON.stringify(row.details)).not.toMatch(/\u202e|\\u0000|\\n/);
    expect(JSON.stringify(row.details).length).toBeLessThan(1100);
  });

  it('tells of a withdrawal to the people of the project only', async () => {
    await withdrawDraft(world.ada.actor, { draft, reason: 'a file is missing' });
    expect((await kindsOf(world.chi.actor, inProject()))[0]).toBe('draft.withdrawn');
    expect(await kindsOf(visitor, inProject())).not.toContain('draft.withdrawn');
  });
});

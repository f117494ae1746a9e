// Feeds: valid Atom (RFC 4287), links from the settings, in the public one what is public and nothing else, in the personal one what waits for the
// person by their rights of now. An XML parser that is not ours (Chromium's is asked in tests/e2e) reads them here by their structure.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProjectName } from '#lib/core/ids.ts';
import { change } from '#lib/server/change.ts';
import { commentDraft } from '#lib/server/commands/comment-draft.ts';
import { endPersonFeed, makePersonFeed } from '#lib/server/commands/make-person-feed.ts';
import { leaveProject } from '#lib/server/commands/leave-project.ts';
import { renderAtom } from '#lib/server/feeds/atom.ts';
import { limits } from '#lib/server/limits.ts';
import { personFeed, projectFeed } from '#lib/server/queries/feeds.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWorld, personActor, signDraft, signPolicy, visitor, type World } from '../support/story.ts';

let runtime: TestRuntime;
let team: World;
let draft: string;

beforeAll(async () => {
  runtime = await openTestRuntime();
  team = await makeWorld();
  ({ draft } = await makeDraft(team.ada, team.project));
});
afterAll(() => runtime.close());

const tokenOf = ({ path }: { path: string }): string => /^\/feeds\/([\w-]{43})\.atom$/.exec(path)?.[1] ?? '';

/** History entries as they stand when a release moved. */
const happen = (...kinds: Parameters<Parameters<Parameters<typeof change>[2]>[0]['record']>[0][]) =>
  change({ kind: 'countersigner' }, 'hand-over', async ({ record }) => {
    for (const kind of kinds)
      await record(kind, {
        project: readProjectName(team.project),
        draft: draft as never,
        details: { record: 1, signedBy: ['ada', 'bo'], reason: 'breaks <on> 3.14 & later' },
      });
  });

describe('the feed of a project', () => {
  it('is empty before anything was published, and valid all the same', async () => {
    const feed = await projectFeed(team.project);
    expect(feed.entries).toEqual([]);
    expect(renderAtom(feed).body).toContain('<updated>2026-11-22T09:00:00.000Z</updated>');
  });

  it('tells publications, yanks and quarantines, newest first, with what proves them, and nothing of drafts', async () => {
    await signDraft(team.bo, draft);
    await happen(
      'release.published',
      'release.yanked',
      'release.unyanked',
      'release.quarantined',
      'release.published-again',
    );
    const { entries, links } = await projectFeed(team.project);
    expect(entries.map(({ title }) => title)).toEqual([
      'sunrise 1.2.0 is published again',
      'sunrise 1.2.0 is quarantined',
      'sunrise 1.2.0 is no longer yanked',
      'sunrise 1.2.0 is yanked',
      'sunrise 1.2.0 is published',
    ]);
    expect(links).toEqual([
      { rel: 'self', href: 'https://sign.example.org/projects/sunrise/feed.atom', type: 'application/atom+xml' },
      { rel: 'alternate', href: 'https://sign.example.org/projects/sunrise', type: 'text/html' },
    ]);
    const published = entries.at(-1);
    expect(published?.id).toMatch(/^tag:sign\.example\.org,2026-11-22:history\/\d+$/);
    expect(published?.content).toBe('The countersigner published the release, signed by ada and bo (sunrise 1.2.0).');
    expect(published?.links).toContainEqual({
      ...{ rel: 'related', title: 'Record 1' },
      href: 'https://sign.example.org/evidence/sunrise/releases/1.2.0/1.json',
    });
    expect(entries[1]?.content).toContain('Reason: breaks <on> 3.14 & later');
    expect(JSON.stringify(entries)).not.toContain(draft);
  });

  it('holds at most the newest fifty', async () => {
    await happen(...Array.from({ length: limits.feedEntriesMax }, () => 'release.yanked' as const));
    const { entries } = await projectFeed(team.project);
    expect(entries).toHaveLength(limits.feedEntriesMax);
    expect(new Set(entries.map(({ title }) => title))).toEqual(new Set(['sunrise 1.2.0 is yanked']));
  });

  it('is not there for a project that is not, in any spelling', async () => {
    for (const name of ['nobodys', 'Not a name', '../x'])
      await expectRefusal(() => projectFeed(name), 'project.not-found');
  });
});

describe('the document', () => {
  it('escapes what others typed, and replaces what XML cannot carry', () => {
    const hostile = `</title><script>alert("1")</script> & 'x' \u0000\u000B\uFFFE\uD800`;
    const at = new Date('2026-11-22T09:00:00Z');
    const entry = {
      id: 'tag:x,2026-11-22:1',
      title: hostile,
      updated: at,
      author: hostile,
      links: [],
      content: hostile,
    };
    const links = [{ rel: 'self', href: 'https://x/?a=1&b="2"' }] as const;
    const { body } = renderAtom({
      ...{ id: 'tag:x,2026-11-22:0', title: hostile, subtitle: hostile, since: at },
      author: hostile,
      links,
      entries: [entry],
    });
    expect(body).not.toContain('<script>');
    expect(body).toContain(
      '&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; \uFFFD\uFFFD\uFFFD\uFFFD',
    );
    expect(body).toContain('<link rel="self" href="https://x/?a=1&amp;b=&quot;2&quot;"/>');
    expect(body.startsWith('<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">')).toBe(
      true,
    );
  });

  it('has what RFC 4287 demands of feed and entry, each once, and its newest time', async () => {
    const { body } = renderAtom(await projectFeed(team.project));
    const [head = '', ...entries] = body.split('<entry>');
    for (const part of [head, ...entries])
      for (const name of ['id', 'title', 'updated']) expect(part.match(new RegExp(`<${name}>`, 'g'))).toHaveLength(1);
    expect(head).toMatch(/<author><name>sign\.example\.org<\/name><\/author>/);
    const ids = entries.map((entry) => /<id>(.*?)<\/id>/.exec(entry)?.[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the feed of a person', () => {
  it('says what waits for their signature, and no more once they signed', async () => {
    const second = await makeDraft(team.ada, team.project, '1.3.0');
    const token = tokenOf(await makePersonFeed(team.chi.actor));
    const asked = 'sunrise 1.3.0 needs your signature (0 of 2)';
    const { entries } = await personFeed(token);
    expect(entries.map(({ title }) => title).sort()).toEqual(['sunrise 1.2.0 needs your signature (1 of 2)', asked]);
    expect(entries.find(({ title }) => title === asked)).toMatchObject({
      ...{ id: `tag:sign.example.org,2026-11-22:draft/${second.draft}/revision/1`, author: 'ada' },
      content: 'ada opened the draft; revision 1 waits for your signature until 2026-12-22 09:00 UTC.',
      links: [{ href: `https://sign.example.org/drafts/${second.draft}` }],
    });
    await commentDraft(team.bo.actor, { draft: second.draft, text: 'The words of bo.' });
    await commentDraft(team.chi.actor, { draft: second.draft, text: 'My own.' });
    const talked = (await personFeed(token)).entries.filter(({ author }) => author === 'bo');
    expect(talked).toMatchObject([
      {
        title: 'bo commented on revision 1 (sunrise 1.3.0)',
        links: [{ href: `https://sign.example.org/drafts/${second.draft}` }],
      },
    ]);
    expect(JSON.stringify((await personFeed(token)).entries)).not.toMatch(/The words of bo|My own|chi commented/);
    await signDraft(team.chi, second.draft);
    const left = (await personFeed(token)).entries.map(({ title }) => title);
    expect(left).toEqual(['sunrise 1.2.0 needs your signature (1 of 2)']);
  });

  it('is at an address that only its maker is told: not in the rows, another one ends it, and so does its maker', async () => {
    const first = tokenOf(await makePersonFeed(team.bo.actor));
    expect(JSON.stringify(await takePicture())).not.toContain(first);
    const second = tokenOf(await makePersonFeed(team.bo.actor));
    await expectRefusal(() => personFeed(first), 'feed.not-found');
    expect((await personFeed(second)).title).toBe('Needs the signature of bo');
    await endPersonFeed(team.bo.actor);
    await expectRefusal(() => personFeed(second), 'feed.not-found');
    await expectRefusal(() => endPersonFeed(team.bo.actor), 'feed.not-found');
  });

  it('is made by a person who signed in recently', async () => {
    await expectRefusal(() => makePersonFeed(visitor), 'person.sign-in-first');
    await expectRefusal(() => endPersonFeed(visitor), 'person.sign-in-first');
    const { freshUntil: _fresh, ...stale } = personActor('bo');
    await expectRefusal(() => makePersonFeed(stale), 'session.not-fresh');
  });

  it('is empty of a project that its maker has left', async () => {
    const token = tokenOf(await makePersonFeed(team.chi.actor));
    expect((await personFeed(token)).entries).not.toEqual([]);
    const { version } = await leaveProject(team.chi.actor, { project: team.project });
    await signPolicy(team.project, version, team.ada);
    expect((await personFeed(token)).entries).toEqual([]);
  });

  it('is no other than what never was, for every address that nobody made', async () => {
    for (const token of ['', 'x', '../../etc/passwd', 'A'.repeat(43)])
      await expectRefusal(() => personFeed(token), 'feed.not-found');
  });
});

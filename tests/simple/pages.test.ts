// The simple pages to the letter of their PEPs: HTML and JSON from one structure, hostile texts as texts.
import { describe, expect, test } from 'vitest';
import type { AccountName, FileName, Instant, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import { filePath, type PageFile, type ProjectPage } from '#lib/simple/page.ts';
import { readPageHtml, readPageJson } from '#lib/simple/parse.ts';
import { renderListHtml, renderPageHtml } from '#lib/simple/render-html.ts';
import { renderListJson, renderPageJson } from '#lib/simple/render-json.ts';
import { refusalOf } from '../support/pgp.ts';

const digest = (letter: string): Sha256 => letter.repeat(64) as Sha256;
const file = (change: Partial<PageFile> = {}): PageFile => ({
  ...{ name: 'demo-1.0-py3-none-any.whl' as FileName, size: 64_000, sha256: digest('a'), requiresPython: '>=3.9, <4' },
  ...{ metadataSha256: digest('b'), signed: true, yanked: null, uploaded: '2026-11-22T09:05:00Z' as Instant },
  ...change,
});
const page = (...files: PageFile[]): ProjectPage => ({
  name: 'demo' as ProjectName,
  status: null,
  versions: [
    {
      version: '1.0' as Version,
      serial: 1,
      sha256: digest('c'),
      threshold: 2,
      signers: ['ada', 'bo'] as AccountName[],
    },
  ],
  files,
});
const sdist = file({
  name: 'demo-1.0.tar.gz' as FileName,
  sha256: digest('d'),
  metadataSha256: null,
  signed: false,
  requiresPython: null,
});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (shown: ProjectPage) => JSON.parse(renderPageJson(shown));

describe('the HTML page', () => {
  const html = renderPageHtml(page(file(), sdist));

  test('PEP 503: one anchor a file, its text is the last part of the address, its fragment the SHA-256', () => {
    expect(html).toContain(`href="../../${filePath(digest('a'), file().name)}#sha256=${digest('a')}"`);
    expect(html.match(/<a /g)).toHaveLength(2);
    expect(html).toContain('>demo-1.0.tar.gz</a>');
  });

  test('PEP 503: data-gpg-sig stands on every link', () => {
    expect(html.match(/data-gpg-sig="(true|false)"/g)).toEqual(['data-gpg-sig="true"', 'data-gpg-sig="false"']);
  });

  test('PEP 503: data-requires-python is escaped', () => {
    expect(html).toContain('data-requires-python="&gt;=3.9, &lt;4"');
  });

  test('PEP 629: the page says which version of the API it is', () => {
    expect(html).toContain('<meta name="pypi:repository-version" content="1.4">');
  });

  test('PEP 658 and 714: data-core-metadata and its old name carry the same digest, and only where there is metadata', () => {
    expect(html.match(/data-core-metadata="sha256=b{64}"/g)).toHaveLength(1);
    expect(html.match(/data-dist-info-metadata="sha256=b{64}"/g)).toHaveLength(1);
  });

  test('PEP 592: data-yanked is there for a yanked file, with its reason, which may be empty', () => {
    expect(html).not.toContain('data-yanked');
    expect(renderPageHtml(page(file({ yanked: '' })))).toContain('data-yanked=""');
    expect(renderPageHtml(page(file({ yanked: 'broken "x"' })))).toContain('data-yanked="broken &quot;x&quot;"');
  });

  test('markup in metadata stays text', () => {
    const hostile = renderPageHtml(page(file({ requiresPython: '"><script>alert(1)</script>', yanked: "'&<b>" })));
    expect(hostile).not.toMatch(/<script|<b>/);
  });
});

describe('the JSON page', () => {
  test('PEP 691: meta, name and files with url, hashes and core-metadata; PEP 714: the old name never', () => {
    const shown = json(page(file(), sdist));
    expect(shown.meta).toEqual({ 'api-version': '1.4' });
    expect(shown.files[0]).toEqual({
      filename: 'demo-1.0-py3-none-any.whl',
      url: `../../${filePath(digest('a'), file().name)}`,
      hashes: { sha256: digest('a') },
      size: 64_000,
      'upload-time': '2026-11-22T09:05:00.000000Z',
      'requires-python': '>=3.9, <4',
      'core-metadata': { sha256: digest('b') },
      'gpg-sig': true,
      yanked: false,
    });
    expect(shown.files[1]['core-metadata']).toBe(false);
    expect('requires-python' in shown.files[1]).toBe(false);
  });

  test('PEP 700: versions and sizes are there, and what is ours starts with an underscore', () => {
    const shown = json(page(file()));
    expect(shown.versions).toEqual(['1.0']);
    expect(shown._countersign).toEqual({
      releases: '../../evidence/demo/releases.json',
      versions: {
        '1.0': {
          record: '../../evidence/demo/releases/1.0/1.json',
          sha256: digest('c'),
          threshold: 2,
          signers: ['ada', 'bo'],
        },
      },
    });
  });

  test('PEP 691: yanked is false, true, or a reason that is not empty', () => {
    const yanked = [null, '', 'broken'].map((reason) => json(page(file({ yanked: reason }))).files[0].yanked);
    expect(yanked).toEqual([false, true, 'broken']);
  });
});

describe('PEP 792: the status of the project', () => {
  const shown = (status: ProjectPage['status']): ProjectPage => ({ ...page(file()), status });
  const archived = { status: 'archived', reason: 'see "other" <b>' } as const;

  test('stands in two metas of the HTML page, its reason escaped, and in one key of the JSON page', () => {
    const html = renderPageHtml(shown(archived));
    expect(html).toContain('<meta name="pypi:project-status" content="archived">');
    expect(html).toContain('<meta name="pypi:project-status-reason" content="see &quot;other&quot; &lt;b&gt;">');
    expect(json(shown(archived))['project-status']).toEqual(archived);
  });

  test('is nowhere while nobody declared one, which means active', () => {
    expect(renderPageHtml(shown(null))).not.toContain('project-status');
    expect('project-status' in json(shown(null))).toBe(false);
  });

  test('reads back the same from both forms', () => {
    expect(readPageHtml(bytes(renderPageHtml(shown(archived)))).status).toEqual(archived);
    expect(readPageJson(bytes(renderPageJson(shown(archived)))).status).toEqual(archived);
    expect(readPageHtml(bytes(renderPageHtml(shown(null)))).status).toBeNull();
  });
});

describe('both forms', () => {
  test('say the same about every file, hostile texts included', () => {
    const shown = page(
      file({ yanked: 'a & "b" <c> \'d\'' }),
      sdist,
      file({ name: 'demo-1.0-cp312-none-any.whl' as FileName, yanked: '' }),
    );
    const fromJson = readPageJson(bytes(renderPageJson(shown)));
    const fromHtml = readPageHtml(bytes(renderPageHtml(shown)));
    expect(fromHtml.name).toBe(fromJson.name);
    expect(fromHtml.files).toEqual(fromJson.files.map(({ size: _, ...same }) => same));
    expect(fromJson.files).toHaveLength(3);
  });

  test('of the list name every project once (PEP 503, PEP 691)', () => {
    const projects = ['demo', 'other'] as ProjectName[];
    expect(
      [...renderListHtml(projects).matchAll(/<a href="([^"]+)\/">([^<]+)</g)].map(([, href, text]) => [href, text]),
    ).toEqual([
      ['demo', 'demo'],
      ['other', 'other'],
    ]);
    expect(JSON.parse(renderListJson(projects))).toEqual({
      meta: { 'api-version': '1.4' },
      projects: [{ name: 'demo' }, { name: 'other' }],
    });
  });
});

test.each([
  ['not JSON', 'x', 'page.malformed'],
  [
    'another API version (PEP 629)',
    JSON.stringify({ meta: { 'api-version': '2.0' }, name: 'demo', versions: [], files: [] }),
    'page.malformed',
  ],
  [
    'a file name with a path',
    JSON.stringify({ ...json(page(file())), files: [{ ...json(page(file())).files[0], filename: '../x.whl' }] }),
    'input.not-a',
  ],
  ['a name in another spelling', JSON.stringify({ ...json(page(file())), name: 'Demo' }), 'input.not-a'],
  [
    'a negative size',
    JSON.stringify({ ...json(page(file())), files: [{ ...json(page(file())).files[0], size: -1 }] }),
    'input.not-a',
  ],
])('a client refuses a page with %s', async (_, text, code) => {
  expect(await refusalOf(() => readPageJson(bytes(text)))).toBe(code);
});

// The documents below /docs: all of them are shown, none leads nowhere, and the references are what the programs say of themselves.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ApiReferencePage from '../../app/docs/api/page.tsx';
import ApiShapesPage from '../../app/docs/api/shapes/page.tsx';
import { ProblemList } from '#components/docs/problem-list.tsx';
import { ApiAddress } from '#components/docs/api-address.tsx';
import { DocumentText } from '#components/docs/document-text.tsx';
import { readDocuments } from '#lib/server/documents.ts';
import { apiArea, apiReference } from '#lib/server/queries/api-reference.ts';
import { documentPage, documentSections } from '#lib/server/queries/document-page.ts';
import { problemAreas, problemsOf } from '#lib/server/queries/problems.ts';
import { answerRefusal } from '#lib/server/http/refusal.ts';
import { refuse, register } from '#lib/core/errors.ts';
import { doors } from '#lib/server/api/doors.ts';
import { openApiDocument } from '#lib/server/api/openapi.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'docs');
const documents = readDocuments(folder);
const files = [...documents].filter(([file]) => file.endsWith('.md'));

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
  runtime.documents = documents;
  runtime.api = openApiDocument(doors, runtime.config);
});
afterAll(() => runtime.close());

const addressOf = (file: string): string[] => file.replace(/\.md$/, '').split('/');

describe('every document', () => {
  it('has a title of its own, stands in the list, and is shown without raw HTML', () => {
    const listed = documentSections().flatMap(({ links }) => links.map(({ href }) => href));
    for (const [file] of files) {
      const { title, text, links } = documentPage(addressOf(file));
      expect(listed).toContain(`/docs/${addressOf(file).join('/')}`);
      expect([file, title]).not.toEqual([file, path.basename(file)]);
      const html = renderToStaticMarkup(createElement(DocumentText, { text, links }));
      expect(html).not.toMatch(/<(?:script|iframe|img|h1)\b/);
    }
  });

  it('links only to what there is: a page here, a file of the sources, or another site', () => {
    const broken = files.flatMap(([file]) =>
      [...documentPage(addressOf(file)).links]
        .filter(([, href]) => href === null)
        .map(([target]) => path.join(folder, path.dirname(file), target.split('#')[0] ?? ''))
        .filter((place) => !existsSync(place)),
    );
    expect(broken).toEqual([]);
  });
});

describe('an address below /docs', () => {
  it('that names no document names nothing, whatever it looks like', async () => {
    for (const claimed of [['nothing'], ['..', 'package.json'], ['guide'], ['guide', '..', 'glossary'], ['']])
      await expectRefusal(async () => documentPage(claimed), 'document.not-found');
  });

  it('shows a file that is no Markdown as it is', () => {
    expect(documentPage(['verify_release.py'])).toMatchObject({ isMarkdown: false, title: 'verify_release.py' });
  });
});

it('the reference of addresses has every row of the table once', () => {
  const { areas, publicUrl } = apiReference();
  const shown = areas.flatMap(({ addresses }) => addresses.map(({ method, path: at }) => `${method} ${at}`));
  expect(shown.sort()).toEqual(doors.map(({ method, path: at }) => `${method} /api/v1/${at}`).sort());
  const page = renderToStaticMarkup(createElement(ApiReferencePage));
  const shapes = renderToStaticMarkup(createElement(ApiShapesPage));
  for (const { area } of areas) {
    const { addresses } = apiArea(area);
    const html = addresses
      .map((address) => renderToStaticMarkup(createElement(ApiAddress, { address, publicUrl })))
      .join('');
    for (const { operationId } of addresses) {
      expect(page).toContain(`href="/docs/api/${area}#${operationId}"`);
      expect(html).toContain(`id="${operationId}"`);
    }
    for (const [, name] of html.matchAll(/shapes#(\w+)/g)) expect(shapes).toContain(`id="${name}"`);
  }
  expect(shapes).toContain('id="Draft"');
});

describe('the refusals', () => {
  const told = problemAreas().flatMap(({ area }) => problemsOf(area).problems);

  it('are all told, each once, in a sentence without a gap', () => {
    expect(told.map(({ code }) => code).sort()).toEqual(Object.keys(register).sort());
    for (const { code, sentence } of told) {
      expect([code, sentence]).toEqual([code, expect.stringMatching(/^\S.*\S$/s)]);
      expect([code, sentence]).toEqual([code, expect.not.stringMatching(/undefined|NaN|\[object/)]);
    }
  });

  it('are led to by the type of every problem document', async () => {
    const { type } = answerRefusal(refuse('draft.not-found', {})).body;
    const { pathname, hash } = new URL(type, 'https://sign.example.org/api/v1/drafts/1');
    expect(pathname).toBe('/docs/problems/draft');
    const { problems } = problemsOf(pathname.split('/').at(-1) ?? '');
    const list = renderToStaticMarkup(createElement(ProblemList, { problems }));
    expect(list).toContain(`id="${hash.slice(1)}"`);
    await expectRefusal(async () => problemsOf('nothing'), 'document.not-found');
  });
});

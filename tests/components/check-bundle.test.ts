// How the page says to check an evidence bundle: real names, and where the client comes from this site, what that is worth.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { CheckBundle } from '#components/project/check-bundle.tsx';

const origin = 'https://sign.example.org';
const name = 'sunrise-1.2.0.evidence.zip';
const path = `/projects/sunrise/releases/1.2.0/${name}`;

const pageWith = (client: { path: string; sha256: string } | null): string =>
  renderToStaticMarkup(createElement(CheckBundle, { origin, path, name, client }));
const commandsOf = (html: string): string[] =>
  [...html.matchAll(/<code data-prompt="[^"]*">(.*?)<\/code>/g)].map(([, inside = '']) =>
    inside.replaceAll(/<[^>]+>/g, '').replaceAll('&amp;', '&'),
  );
const always = [`curl -fsS -O ${origin}${path}`, `unzip ${name}`, `python3 verify_release.py ${name}`];

it('with a client from here, its digest, and that it is only as good as the site was', () => {
  const html = pageWith({ path: '/client/countersign.mjs', sha256: 'ab'.repeat(32) });
  expect(commandsOf(html)).toEqual([
    ...always,
    `curl -fsS -O ${origin}/client/countersign.mjs && sha256sum countersign.mjs`,
    `node countersign.mjs verify --evidence ${name}`,
  ]);
  expect(html).toMatch(/(?:abab<\/span><wbr\/>.*){16}/);
  expect(html).toContain('only as good as this site was');
});

it('with a client that people have from elsewhere where none is offered', () => {
  expect(commandsOf(pageWith(null))).toEqual([...always, `countersign verify --evidence ${name}`]);
});

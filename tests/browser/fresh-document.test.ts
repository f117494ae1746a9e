// Just before a signature: is the page still about what stands on the server, and what time is it there?
import { afterEach, expect, test, vi } from 'vitest';
import { requireFresh } from '#lib/browser/fresh-document.ts';
import { refusalOf, vector } from '../support/pgp.ts';

const date = 'Mon, 01 Jun 2026 12:00:00 GMT';

function answer(body: string, init: ResponseInit = { headers: { date } }) {
  const asked = vi.fn((_address: string, _init: RequestInit) => Promise.resolve(new Response(body, init)));
  vi.stubGlobal('fetch', asked);
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

test('the time of a signature is the server’s, not the machine’s', async () => {
  answer('the statement\n');
  expect(await requireFresh('/drafts/1/SHA256SUMS', 'the statement\n')).toBe(Date.parse(date));
});

test('the document is asked for anew, and a redirect is not followed', async () => {
  const asked = answer('the statement\n');
  await requireFresh('/drafts/1/SHA256SUMS', 'the statement\n');
  expect(asked).toHaveBeenCalledWith('/drafts/1/SHA256SUMS', { cache: 'no-store', redirect: 'error' });
});

test('nothing is signed once the document has become another one or is gone', async () => {
  answer('another statement\n');
  expect(await refusalOf(() => requireFresh('/x', 'the statement\n'))).toBe('signing.document-changed');
  answer('', { status: 404, headers: { date } });
  expect(await refusalOf(() => requireFresh('/x', 'the statement\n'))).toBe('signing.document-changed');
});

test('a draft that moved on is named by its newer revision, and one that went back is not signed either', async () => {
  const shown = new TextDecoder().decode(vector('SHA256SUMS'));
  const newer = shown.replace('# revision: 2', '# revision: 4');
  answer(newer);
  const refusal: unknown = await requireFresh('/x', shown).catch((fault: unknown) => fault);
  expect(refusal).toMatchObject({ code: 'signing.newer-revision', details: { shown: 2, newest: 4 } });
  expect(String(refusal)).toMatch(/revision 4 exists/);
  answer(shown);
  expect(await refusalOf(() => requireFresh('/x', newer))).toBe('signing.document-changed');
});

test('nothing is signed while the server cannot be asked for its time', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
  expect(await refusalOf(() => requireFresh('/x', 'the statement\n'))).toBe('signing.no-server');
  answer('the statement\n', {});
  expect(await refusalOf(() => requireFresh('/x', 'the statement\n'))).toBe('signing.no-server');
  answer('', { status: 503, headers: { date } });
  expect(await refusalOf(() => requireFresh('/x', 'the statement\n'))).toBe('signing.no-server');
});

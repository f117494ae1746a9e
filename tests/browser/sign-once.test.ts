// What the signing worker answers, run in Node: the same code that is served under /assets/. Keys are the vectors made by gpg.
import { encryptKey, readPrivateKey } from 'openpgp';
import { describe, expect, test } from 'vitest';
import { makeDeviceKey } from '#lib/browser/device-key.ts';
import { startHashing } from '#lib/browser/hashing.ts';
import { signOnce, signTogether, type SigningRequest, type TogetherAnswer } from '#lib/browser/sign-once.ts';
import type { ShownDocument } from '#lib/browser/shown-document.ts';
import { renderDeclaration, type Declaration } from '#lib/core/declaration.ts';
import type { IndexName, Instant, ProjectName, Version } from '#lib/core/ids.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { sha256Of } from '#lib/pgp/open-certificate.ts';
import { bytesOf, noon, reasonsFor, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');
const ada = (await readCertificate(vector('ada.key.asc'), noon)).facts.primary;
const bo = (await readCertificate(vector('bo.key.asc'), noon)).facts.primary;

const shown: ShownDocument = {
  kind: 'statement',
  index: 'sign.example.org',
  project: 'demo',
  version: '1.0',
  draft: '6f2c9d1e4b7a',
  revision: 2,
  sha256: await sha256Of(data),
};

const text = (name: string): string => new TextDecoder().decode(vector(name));

const request: SigningRequest = {
  shown,
  bytes: data,
  privateKey: text('ada.private.asc'),
  passphrase: '',
  expectedKeys: [ada],
  now: noon,
};

const codeOf = async (changed: Partial<SigningRequest>): Promise<string> =>
  (await signOnce({ ...request, ...changed })).refusal?.code ?? 'signed';

const asAnswers = (answer: TogetherAnswer) => ('answers' in answer ? answer : { answers: [] });

async function locked(passphrase: string): Promise<string> {
  const privateKey = await readPrivateKey({ armoredKey: text('ada.private.asc') });
  return (await encryptKey({ privateKey, passphrase })).armor();
}

test('a signature made in the browser counts on the server', async () => {
  const { armored, fingerprint } = await signOnce(request);
  expect(fingerprint).toBe(ada);
  const asked = { signature: bytesOf(armored ?? ''), keys: [vector('ada.key.asc')], data };
  expect(await reasonsFor(asked)).toEqual([null]);
});

test('a key chosen as a file signs as one that is pasted does, armored or binary', async () => {
  expect(await codeOf({ privateKey: new Blob([Uint8Array.from(vector('ada.private.gpg'))]) })).toBe('signed');
});

test('a key of this browser signs by its handle, and only what is shown and expected', async () => {
  const device = await makeDeviceKey('ada (a browser)', noon);
  const expectedKeys = [device.key.fingerprint];
  const { armored } = await signOnce({ ...request, privateKey: device.key, expectedKeys });
  expect(await reasonsFor({ signature: bytesOf(armored ?? ''), keys: [device.bytes], data })).toEqual([null]);
  expect(await codeOf({ privateKey: device.key })).toBe('signing.foreign-key');
  const other = { privateKey: device.key, expectedKeys, bytes: bytesOf('# something else\n') };
  expect(await codeOf(other)).toBe('signing.not-what-is-shown');
});

describe('files of the statement, signed along with it from the state of their hash,', () => {
  const wheel = bytesOf('a wheel');
  const hashed = async (content: Uint8Array, name: string) => {
    const { update, finish } = await startHashing();
    update(content);
    return { name, ...finish() };
  };
  const statementOver = async (sha256: string) => {
    const bytes = bytesOf(text('SHA256SUMS').replace(/^[0-9a-f]{64}/m, sha256));
    return { bytes, shown: { ...shown, sha256: await sha256Of(bytes) } };
  };
  const boundName = /^[0-9a-f]{64} {2}(.+)$/m.exec(text('SHA256SUMS'))?.[1] ?? '';

  test('get one signature each, which counts over that file and over nothing else, by any key', async () => {
    const device = await makeDeviceKey('ada (a browser)', noon);
    const file = await hashed(wheel, boundName);
    const wanted = { ...(await statementOver(file.sha256)), files: [file] };
    for (const [key, certificate, privateKey] of [
      [ada, vector('ada.key.asc'), text('ada.private.asc')],
      [device.key.fingerprint, device.bytes, device.key],
    ] as const) {
      const { armored = '' } = await signOnce({ ...request, ...wanted, privateKey, expectedKeys: [key] });
      const signature = bytesOf(armored);
      const over = (data: Uint8Array) => reasonsFor({ signature, keys: [certificate], data });
      expect(await over(wanted.bytes)).toEqual([null, 'wrong-bytes']);
      expect(await over(wheel)).toEqual(['wrong-bytes', null]);
    }
  });

  test('are refused, and nothing is signed, where they are not the ones that the statement binds', async () => {
    const file = await hashed(wheel, boundName);
    const right = await statementOver(file.sha256);
    for (const files of [
      [await hashed(bytesOf('another wheel'), boundName)],
      [{ ...file, name: 'another-name.whl' }],
      [file, await hashed(bytesOf('hidden'), 'one-more.whl')],
    ]) {
      const { refusal, armored } = await signOnce({ ...request, ...right, files });
      expect([refusal?.code, armored]).toEqual(['check.differs', undefined]);
    }
  });
});

test('the answer holds nothing of the key and nothing of the passphrase', async () => {
  const privateKey = await locked('correct horse');
  const answers = [
    await signOnce({ ...request, privateKey, passphrase: 'correct horse' }),
    await signOnce({ ...request, privateKey, passphrase: 'wrong horse' }),
  ];
  const said = JSON.stringify(answers);
  expect(said).not.toContain('horse');
  expect(said).not.toContain('PRIVATE KEY');
  for (const line of privateKey.split('\n').filter((part) => part.length > 40)) expect(said).not.toContain(line);
});

describe('nothing is signed, and the reason is said,', () => {
  test('where the passphrase is wrong or missing', async () => {
    const privateKey = await locked('correct horse');
    expect(await codeOf({ privateKey, passphrase: 'wrong' })).toBe('private-key.wrong-passphrase');
    expect(await codeOf({ privateKey, passphrase: '' })).toBe('private-key.needs-passphrase');
  });

  test('where the key is not one of the person’s own', async () => {
    const answer = await signOnce({ ...request, expectedKeys: [bo] });
    expect(answer.refusal).toMatchObject({ code: 'signing.foreign-key', details: { key: ada, expected: [bo] } });
    expect(answer.refusal?.message).toContain(bo);
  });

  test('where it is no private key, or none at all', async () => {
    expect(await codeOf({ privateKey: text('ada.key.asc') })).toBe('private-key.is-other');
    expect(await codeOf({ privateKey: '' })).toBe('input.missing');
  });

  test('where the key was not yet valid at the server’s time', async () => {
    expect(await codeOf({ now: Date.parse('2025-06-01T12:00:00Z') })).not.toBe('signed');
  });

  test('where a fact on the page is not what the bytes say', async () => {
    for (const other of [
      { project: 'other' },
      { version: '1.1' },
      { draft: '000000000000' },
      { revision: 3 },
      { index: 'evil.example.org' },
      { sha256: shown.sha256.replace(/^./, (first) => (first === '0' ? '1' : '0')) },
    ]) {
      expect(await codeOf({ shown: { ...shown, ...other } as ShownDocument })).toBe('signing.not-what-is-shown');
    }
  });

  test('where the bytes are of another kind than the page shows, or no document at all', async () => {
    const proof: ShownDocument = {
      kind: 'key-proof',
      index: 'sign.example.org',
      account: 'ada',
      key: ada,
      sha256: shown.sha256,
    };
    const policy: ShownDocument = { kind: 'policy', project: 'demo', version: 1, sha256: shown.sha256 };
    expect(await codeOf({ shown: proof })).toBe('signing.not-what-is-shown');
    expect(await codeOf({ shown: policy })).toBe('signing.not-what-is-shown');
    expect(await codeOf({ bytes: bytesOf('transfer all rights') })).toBe('signing.not-what-is-shown');
  });
});

describe('a declaration of an owner', () => {
  const declaration: Declaration = {
    ...{ type: 'countersign/yank', format: 1, index: 'sign.example.org' as IndexName, project: 'demo' as ProjectName },
    ...{ version: '1.0' as Version, action: 'yank', number: 1, policy: 1, reason: 'breaks on 3.14' },
    date: '2026-11-22T12:00:00Z' as Instant,
  };
  const bytes = new Uint8Array(Buffer.from(renderDeclaration(declaration)));
  const facts = { index: 'sign.example.org', project: 'demo', reason: 'breaks on 3.14', number: 1 };
  const signing = async (change: object = {}): Promise<string> => {
    const kind = { kind: 'yank', ...facts, version: '1.0', action: 'yank', sha256: await sha256Of(bytes) } as const;
    return codeOf({ bytes, shown: { ...kind, ...change } });
  };

  test('is signed where the page shows what it says', async () => {
    expect(await signing()).toBe('signed');
  });

  test.each([
    { action: 'unyank' },
    { version: '1.1' },
    { project: 'other' },
    { reason: 'something else' },
    { number: 2 },
    { index: 'evil.example.org' },
  ])('is not signed where the page shows %o', async (change) => {
    expect(await signing(change)).toBe('signing.not-what-is-shown');
  });

  test('of one kind is not signed as another', async () => {
    const sha256 = await sha256Of(bytes);
    const status: ShownDocument = { kind: 'status', ...facts, status: 'archived', sha256 };
    expect(await codeOf({ bytes, shown: status })).toBe('signing.not-what-is-shown');
  });
});

describe('several documents with one unlock', () => {
  const other = bytesOf(text('SHA256SUMS').replace(/^[0-9a-f]/m, (digit) => (digit === '0' ? '1' : '0')));
  const { privateKey: _key, passphrase: _words, now: _now, ...one } = request;
  const two = async () => ({ ...one, bytes: other, shown: { ...shown, sha256: await sha256Of(other) } });
  const signing = { privateKey: text('ada.private.asc'), passphrase: '', now: noon };

  test('are signed each by itself: a signature counts over its own document and no other', async () => {
    const { answers } = asAnswers(await signTogether({ ...signing, documents: [one, await two()] }));
    for (const [at, own] of [data, other].entries())
      for (const over of [data, other]) {
        const signature = bytesOf(answers[at]?.armored ?? '');
        const asked = { signature, keys: [vector('ada.key.asc')], data: over };
        expect(await reasonsFor(asked)).toEqual([over === own ? null : 'wrong-bytes']);
      }
  });

  test('have each its own answer: one that is not what is shown, or takes another key, keeps no other from being signed', async () => {
    const documents = [{ ...one, bytes: other }, one, { ...(await two()), expectedKeys: [bo] }];
    const { answers } = asAnswers(await signTogether({ ...signing, documents }));
    expect(answers.map(({ refusal }) => refusal?.code)).toEqual([
      'signing.not-what-is-shown',
      undefined,
      'signing.foreign-key',
    ]);
    expect(answers.map(({ armored }) => armored === undefined)).toEqual([true, false, true]);
  });

  test('are not signed at all where the key cannot be opened, and the key is not touched where none can be signed', async () => {
    const privateKey = await locked('correct horse');
    const wrong = await signTogether({ ...signing, privateKey, passphrase: 'wrong', documents: [one, await two()] });
    expect(wrong).toMatchObject({ refusal: { code: 'private-key.wrong-passphrase' } });
    const none = await signTogether({ ...signing, privateKey: 'no key', documents: [{ ...one, bytes: other }] });
    expect(none).toMatchObject({ answers: [{ refusal: { code: 'signing.not-what-is-shown' } }] });
  });

  test('are signed by a key of this browser too', async () => {
    const device = await makeDeviceKey('ada (a browser)', noon);
    const expectedKeys = [device.key.fingerprint];
    const documents = [one, await two()].map((document) => ({ ...document, expectedKeys }));
    const { answers } = asAnswers(await signTogether({ ...signing, privateKey: device.key, documents }));
    const reasons = await Promise.all(
      answers.map(({ armored = '' }, at) =>
        reasonsFor({ signature: bytesOf(armored), keys: [device.bytes], data: at === 0 ? data : other }),
      ),
    );
    expect(reasons).toEqual([[null], [null]]);
  });
});

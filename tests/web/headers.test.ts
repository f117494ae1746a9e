// The order of answering and the security headers, over real HTTP, with a stand-in for Next that tells what it was handed.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuse } from '#lib/core/errors.ts';
import { pagePolicy, transportHeaders } from '#web/headers.ts';
import { answerWith } from '#web/server.ts';

const publicUrl = 'http://sign.example.org';
let folder: string;
let server: Server;
let base: string;
let handed: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assets-'));
  await writeFile(join(folder, 'sign-worker.js'), 'postMessage(1)');
  for (const name of [
    'hash-worker',
    'make-key-worker',
    'open-challenge-worker',
    'revoke-worker',
    'hash-something-else',
  ])
    await writeFile(join(folder, `${name}.js`), 'postMessage(2)');
  await writeFile(join(folder, 'SHA256SUMS'), `${'0'.repeat(64)}  sign-worker.js\n`);
  const settings = {
    ...{ publicUrl, host: '127.0.0.1', port: 0, dev: false },
    ...{ programFolder: folder, indexFolder: join(folder, 'absent'), assetsFolder: folder },
    routes: [
      (req: { url?: string | undefined }, res: { end: (text: string) => void }) => {
        if (req.url !== '/own') return false;
        res.end('own');
        return true;
      },
      (req: { url?: string | undefined }) => {
        if (req.url === '/refusing') throw refuse('input.missing', { field: 'name' });
        return false;
      },
    ],
  };
  const answer = answerWith(settings, async (req, res) => {
    handed.push(req.headers);
    res.end('page');
  });
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

describe('a page', () => {
  it('gets a new nonce each time, the same in the request to Next and in the answer', async () => {
    handed = [];
    const nonces = new Set<string>();
    for (const path of ['/', '/projects']) {
      const answer = await fetch(`${base}${path}`);
      const policy = answer.headers.get('content-security-policy') ?? '';
      const nonce = /'nonce-([A-Za-z0-9+/=]{24})'/.exec(policy)?.[1] ?? '';
      expect(handed.at(-1)).toMatchObject({ 'content-security-policy': policy, 'x-nonce': nonce });
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(2);
  });

  it('allows no script without nonce, no plug-in, no other host, no frame and no script from strings', async () => {
    const policy = (await fetch(`${base}/`)).headers.get('content-security-policy') ?? '';
    for (const directive of [
      "default-src 'none'",
      "style-src 'self'",
      "connect-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types default',
    ]) {
      expect(policy.split('; ')).toContain(directive);
    }
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('carries the other security headers', async () => {
    const { headers } = await fetch(`${base}/`);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
  });

  it('never takes host, protocol, nonce or policy from the request', async () => {
    const lies = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'ftp', 'x-nonce': 'mine' };
    await fetch(`${base}/`, { headers: { ...lies, 'content-security-policy': "script-src 'nonce-mine'" } });
    const headers = handed.at(-1);
    expect(headers).toMatchObject({
      host: 'sign.example.org',
      'x-forwarded-host': 'sign.example.org',
      'x-forwarded-proto': 'http',
    });
    expect(JSON.stringify(headers)).not.toContain('mine');
  });

  it('is reached by a changing request only from a page of ours', async () => {
    handed = [];
    for (const origin of [undefined, 'null', 'http://evil.example', 'https://sign.example.org']) {
      const answer = await fetch(`${base}/`, { method: 'POST', headers: origin === undefined ? {} : { origin } });
      expect([answer.status, (await answer.json()).code]).toEqual([403, 'request.foreign-origin']);
    }
    expect(handed).toEqual([]);
    expect((await fetch(`${base}/`, { method: 'POST', headers: { origin: publicUrl } })).status).toBe(200);
  });
});

describe('the order of answering', () => {
  it('asks our own routes before Next, and the index before them', async () => {
    handed = [];
    expect(await (await fetch(`${base}/own`)).text()).toBe('own');
    expect((await fetch(`${base}/simple/`)).status).toBe(503);
    expect(handed).toEqual([]);
  });

  it('tells a refusal of a route with its status, code and sentence', async () => {
    const answer = await fetch(`${base}/refusing`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ code: 'input.missing', detail: 'Please fill in: name.' });
  });
});

describe('our own browser scripts', () => {
  it('run as workers without network, and only those that hash files may compile WASM', async () => {
    const signing = await fetch(`${base}/assets/sign-worker.js`);
    expect(signing.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const policy = signing.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("require-trusted-types-for 'script'");
    const mayCompile = async (name: string) =>
      (await fetch(`${base}/assets/${name}.js`)).headers
        .get('content-security-policy')
        ?.includes("script-src 'self' 'wasm-unsafe-eval';");
    expect(await mayCompile('hash-worker')).toBe(true);
    expect(await mayCompile('sign-worker')).toBe(true);
    for (const name of ['make-key-worker', 'open-challenge-worker', 'revoke-worker', 'hash-something-else'])
      expect(await mayCompile(name), name).toBe(false);
  });

  it('are named by their digests in SHA256SUMS', async () => {
    const sums = await fetch(`${base}/assets/SHA256SUMS`);
    expect([sums.status, sums.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(await sums.text()).toBe(`${'0'.repeat(64)}  sign-worker.js\n`);
  });

  it('are plain names with a known ending, and nothing else is served', async () => {
    for (const name of ['..%2fsecret.js', 'absent.js', 'sign-worker.ts', '.hidden.js', 'a/b.js', '']) {
      expect((await fetch(`${base}/assets/${name}`)).status).toBe(404);
    }
  });
});

it('asks browsers to stay with https where the public address is https, and only there', () => {
  expect(transportHeaders(true)).toHaveProperty('Strict-Transport-Security');
  expect(transportHeaders(false)).not.toHaveProperty('Strict-Transport-Security');
  expect(pagePolicy('n', { publicUrl: new URL('https://x.example'), dev: false })).toContain(
    'upgrade-insecure-requests',
  );
});

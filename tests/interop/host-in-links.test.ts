// Somebody asks for a sign-in link in another's name and says, in every header that a proxy knows, that this site is called otherwise
// (threats.md, 67). The link in the mail leads to the address of the settings all the same, or nothing is sent.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { openPostgresForTests } from '../../scripts/postgres.mjs';
import { formsOf } from '../../scripts/demo/visitor.ts';
import { startWebProgram, type RunningProgram } from '../support/web-program.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-hosts-'));
let postgres: { url: string; close: () => Promise<void> };
let program: RunningProgram;
let runtime: Runtime;

beforeAll(async () => {
  postgres = await openPostgresForTests();
  program = await startWebProgram(path.join(folder, 'data'), postgres.url);
  runtime = await openRuntime(readConfig(program.environment));
});
afterAll(async () => {
  await program?.end();
  await runtime?.close();
  await postgres?.close();
  rmSync(folder, { recursive: true, force: true });
});

const evil = 'evil.example';
const lies: Record<string, string> = {
  ...{ host: evil, 'x-forwarded-host': evil, 'x-forwarded-server': evil, 'x-original-host': evil, 'x-host': evil },
  ...{ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443', forwarded: `host=${evil};proto=https` },
  ...{ 'x-original-url': `https://${evil}/`, 'x-rewrite-url': `https://${evil}/` },
};

/** A request with exactly these headers: fetch would set Host itself. */
function ask(
  method: string,
  headers: Record<string, string>,
  body?: Buffer,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${program.base}/sign-in`, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Posts the form of the sign-in page as a browser without script does. */
async function postForm(address: string, headers: Record<string, string>): Promise<number> {
  const { text: html } = await ask('GET', { host: new URL(program.publicUrl).host });
  const form = formsOf({ url: '/sign-in', status: 200, html }).find(({ fields }) =>
    fields.some(([name]) => name === 'address'),
  );
  const body = new FormData();
  for (const [name, value] of form?.fields ?? []) body.set(name, name === 'address' ? address : value);
  const encoded = new Response(body);
  const type = encoded.headers.get('content-type') ?? '';
  const bytes = Buffer.from(await encoded.arrayBuffer());
  return (await ask('POST', { 'content-type': type, 'content-length': String(bytes.length), ...headers }, bytes))
    .status;
}

const mailTo = (toAddress: string) => runtime.db.mail.findFirst({ where: { toAddress, event: 'sign-in' } });

it('a link in a mail leads to the configured address, whatever the request says', async () => {
  const honest = { host: new URL(program.publicUrl).host, origin: program.publicUrl };
  expect(await postForm('ada@example.org', honest)).toBeLessThan(400);
  expect((await mailTo('ada@example.org'))?.text).toContain(`${program.publicUrl}/sign-in/`);

  await postForm('bo@example.org', { ...lies, origin: program.publicUrl });
  const mail = await mailTo('bo@example.org');
  const all = JSON.stringify(mail ?? {});
  expect(all).not.toContain(evil);
  if (mail !== null) expect(mail.text).toContain(`${program.publicUrl}/sign-in/`);
});

it('a post that says to come from there too is refused, and nothing is sent', async () => {
  await postForm('chi@example.org', { ...lies, origin: `https://${evil}` });
  expect(await mailTo('chi@example.org')).toBeNull();
});

// The settings: defaults, all faults at once, secrets from files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = 'x'.repeat(40);

describe('settings', () => {
  it('are complete without any variable', () => {
    expect(readConfig({})).toMatchObject({
      dataFolder: path.resolve('data'),
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      indexName: 'localhost:3000',
      databaseUrl: null,
      smtpUrl: null,
      indexKeyFile: path.resolve('data/countersigner/index.asc'),
    });
  });

  it('take the name of the index from the public address', () => {
    expect(readConfig({ PUBLIC_URL: 'https://sign.example.org/' })).toMatchObject({
      publicUrl: 'https://sign.example.org',
      indexName: 'sign.example.org',
      mailFrom: 'Countersign <countersign@sign.example.org>',
    });
  });

  it('name a bucket only with what opens it, and what opens one only with a bucket', () => {
    const FILES_URL = 's3://files?endpoint=https://s3.example.org';
    expect(() => readConfig({ FILES_URL })).toThrow(/needs S3_ACCESS_KEY_ID .*needs S3_SECRET_ACCESS_KEY/);
    expect(() => readConfig({ S3_ACCESS_KEY_ID: 'a' })).toThrow(/neither FILES_URL nor INDEX_URL/);
    expect(() => readConfig({ FILES_URL: 's3://files' })).toThrow(/FILES_URL must say endpoint/);
    expect(() => readConfig({ INDEX_FOLLOW: 'yes' })).toThrow(/INDEX_FOLLOW needs DATABASE_URL/);
    expect(() => readConfig({ INDEX_URL: FILES_URL })).toThrow(/INDEX_URL needs S3_ACCESS_KEY_ID/);
    expect(readConfig({ FILES_URL, S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'b' })).toMatchObject({
      filesBucket: { base: 'https://s3.example.org/files', prefix: '', region: 'us-east-1' },
      bucketKeys: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
  });

  it('tell all faults at once', () => {
    const read = () =>
      readConfig({ PORT: 'many', PUBLIC_URL: 'ftp://x', DATABASE_URL: 'mysql://x', HANDOFF_TOKEN: 'short' });
    expect(read).toThrow(/PORT .*PUBLIC_URL .*DATABASE_URL .*HANDOFF_TOKEN/);
  });

  it.each(['https://user@x.org', 'https://x.org/path', 'https://x.org/?q', 'javascript:alert(1)', 'not an address'])(
    'refuse %s as public address',
    (claimed) =>
      expect(() => readConfig({ PUBLIC_URL: claimed })).toThrow(expect.objectContaining({ code: 'config.unreadable' })),
  );

  it.each(['a@x.org', 'Countersign <a@x.org>', 'Signing at X.org <a@x.org>'])('take the sender %s', (MAIL_FROM) =>
    expect(readConfig({ MAIL_FROM }).mailFrom).toBe(MAIL_FROM),
  );

  it.each([
    'a@x.org\r\nBcc: b@x.org',
    'X\r\nBcc: b@x.org <a@x.org>',
    'a@x.org, b@x.org',
    '<a@x.org> <b@x.org>',
    'b@x.org <a@x.org>',
    'Countersign',
  ])('refuse the sender %j, which is not one mailbox', (MAIL_FROM) =>
    expect(() => readConfig({ MAIL_FROM })).toThrow(expect.objectContaining({ code: 'config.unreadable' })),
  );

  it('read a secret from a file, and not from both places', () => {
    const file = path.join(folder, 'token');
    writeFileSync(file, `${secret}\n`);
    expect(readConfig({ HANDOFF_TOKEN_FILE: file }).handoffToken).toBe(secret);
    expect(() => readConfig({ HANDOFF_TOKEN_FILE: file, HANDOFF_TOKEN: secret })).toThrow(/both set/);
    expect(() => readConfig({ HANDOFF_TOKEN_FILE: path.join(folder, 'absent') })).toThrow(
      /HANDOFF_TOKEN_FILE cannot be read/,
    );
  });
});

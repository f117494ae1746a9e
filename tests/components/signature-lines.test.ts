// The lines at the foot of a release, as they are read.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { SignatureLines } from '#components/draft/signature-lines.tsx';
import { sayReason } from '#lib/core/reason.ts';
import { readFingerprint } from '#lib/core/ids.ts';

const fingerprint = readFingerprint('0123456789ABCDEF0123456789ABCDEF01234567');
const at = '2026-11-20T12:00:00Z';

const read = (reason: string): string => {
  const lines = [{ state: 'struck' as const, name: 'ada', fingerprint, at, reason }];
  return renderToStaticMarkup(createElement(SignatureLines, { lines, label: 'Signatures' })).replace(/<[^>]+>/g, '');
};

test('a struck line gives its reason as a sentence with one full stop', () => {
  const revoked = { code: 'key-revoked-hard' as const, key: fingerprint, at: Date.parse(at), reason: 'compromised' };
  const said = read(sayReason(revoked));
  expect(said).toContain('Its older signatures no longer count either. Signed');
  expect(said).not.toContain('..');
  expect(read('It was taken back.')).toContain('Does not count. It was taken back. Signed');
});

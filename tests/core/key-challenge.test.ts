// The text inside an encrypted challenge has one spelling; what people paste is searched for its token and nothing else.
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import { readAccountName, readFingerprint, readIndexName, readInstant } from '#lib/core/ids.ts';
import { readKeyChallenge, readOpenedToken, renderKeyChallenge, type KeyChallenge } from '#lib/core/key-challenge.ts';

const key = 'A1'.repeat(20);
const token = 'aB3_-'.repeat(8) + 'xyz';
const challenge: KeyChallenge = {
  ...{ index: readIndexName('sign.example.org'), account: readAccountName('ada'), key: readFingerprint(key) },
  ...{ at: readInstant('2026-11-22T09:00:00Z'), token, site: 'https://sign.example.org' },
};
const text = `# countersign key challenge 1
# index: sign.example.org
# account: ada
# key: ${key}
# time: 2026-11-22T09:00:00Z
# token: ${token}

You opened this with your private key, and that proves the key. Open this link, signed in
as ada, and press the button:

https://sign.example.org/account/keys/${key}/opened/${token}

Or paste this text on the page of the key. It works once. Give it to nobody.
`;
const bytesOf = (spelling: string): Uint8Array => new TextEncoder().encode(spelling);

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (fault) {
    if (isRefusal(fault)) return fault.code;
    throw fault;
  }
}

describe('a key challenge', () => {
  it('has exactly this spelling, and is read from it', () => {
    expect(renderKeyChallenge(challenge)).toBe(text);
    expect(readKeyChallenge(bytesOf(text))).toEqual(challenge);
  });

  it('with any one byte changed is no challenge, or another one', () => {
    for (const [at, octet] of bytesOf(text).entries()) {
      const changed = bytesOf(text);
      changed[at] = octet ^ 1;
      const code = codeOf(() => expect(readKeyChallenge(changed)).not.toEqual(challenge));
      expect(['accepted', 'input.not-a', 'input.not-json']).toContain(code);
    }
  });

  it.each([
    ['a line more', `${text}x\n`],
    ['other line ends', text.replaceAll('\n', '\r\n')],
    ['a link to another site’s path', text.replace('/opened/', '/open/')],
    ['no site', text.replace('https://sign.example.org/', '/')],
    ['nothing', ''],
  ])('is not read with %s', (_, spelling) => {
    expect(codeOf(() => readKeyChallenge(bytesOf(spelling)))).toMatch(/^input\./);
  });
});

describe('what people paste', () => {
  it.each([
    ['the whole text', text],
    ['it as a Windows terminal prints it', `gpg: encrypted with 255-bit ECDH key\r\n${text.replaceAll('\n', '\r\n')}`],
    ['the link', `https://sign.example.org/account/keys/${key}/opened/${token}`],
    ['the token', `  ${token}\n`],
  ])('gives the token: %s', (_, pasted) => expect(readOpenedToken(pasted)).toBe(token));

  it.each([
    ['key.token-unreadable', 'gpg: decryption failed: No secret key'],
    ['key.token-unreadable', `${token}A`],
    ['key.token-sealed', `-----BEGIN PGP MESSAGE-----\n\n${token}\n-----END PGP MESSAGE-----`],
  ])('is refused with %s: %s', (code, pasted) => expect(codeOf(() => readOpenedToken(pasted))).toBe(code));
});

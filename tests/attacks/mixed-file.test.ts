// Files in which one reader sees other packets than the next: everything in them is read, or the file is refused.
import { expect, test } from 'vitest';
import { renderArmor } from '#lib/pgp/armor.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { forgeCertificate, forgeKey, packet, signatureBody, signaturePacket } from '../support/forge.ts';
import { bytesOf, noon, reasonsFor, refusalOf, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');
const eve = forgeKey('eve');
const keys = [forgeCertificate(eve)];
const body = signatureBody(eve, data);
const armored = (lines: string) => bytesOf(lines);
const ada = Buffer.from(vector('ada.asc')).toString();
const u32 = (value: number) => Buffer.from([value >> 24, value >> 16, value >> 8, value].map((octet) => octet & 255));

test.each([
  ['before', [vector('bo.sig'), Buffer.from('\n'), vector('ada.asc')]],
  ['behind', [vector('ada.asc'), vector('bo.sig')]],
])('a binary signature %s an armored one refuses the file instead of being lost', async (_, parts) => {
  expect(await refusalOf(() => readSignatures(Buffer.concat(parts)))).toBe('signature.unreadable');
});

test('a binary key behind an armored one refuses the file', async () => {
  const both = Buffer.concat([vector('bo.key.asc'), vector('ada.key.gpg')]);
  expect(await refusalOf(() => readCertificate(both, noon))).toBe('key.unreadable');
});

test('a signature behind a hundred blocks of nothing refuses the file instead of being lost', async () => {
  const padding = renderArmor('SIGNATURE', packet(21, Buffer.alloc(8, 1)));
  expect(await refusalOf(() => readSignatures(bytesOf(padding.repeat(100) + ada)))).toBe('signature.unreadable');
});

test.each([
  ['one octet', [Buffer.from([0x88, body.length])]],
  ['two octets', [Buffer.from([0x89, body.length >> 8, body.length & 255])]],
  ['four octets', [Buffer.from([0x8a]), u32(body.length)]],
  ['new, five octets', [Buffer.from([0xc2, 0xff]), u32(body.length)]],
])('a length in %s is read', async (_, head) => {
  const signature = Buffer.concat([...head, body]);
  expect(await reasonsFor({ signature, keys, data })).toEqual([null]);
});

test.each([
  ['of the old form without an end', [Buffer.from([0x8b]), body]],
  ['in pieces', [Buffer.from([0xc2, 0xe6]), body.subarray(0, 64), Buffer.from([body.length - 64]), body.subarray(64)]],
  ['longer than the file', [Buffer.from([0x8a]), u32(0xffffffff), body]],
])('a length %s refuses the file', async (_, parts) => {
  expect(await refusalOf(() => readSignatures(Buffer.concat(parts)))).toBe('signature.unreadable');
});

test.each([
  ['without its checksum', ada.replace(/^=.{4}\n/m, '')],
  ['with a wrong checksum', ada.replace(/^=.{4}$/m, '=AAAA')],
  ['with line ends of Windows', ada.replaceAll('\n', '\r\n')],
  ['with headers in any script', ada.replace('\n\n', '\nComment: Gruß aus Köln 🗝\nVersion: \u202e1\n\n')],
  ['inside a mail', `Hello,\n\nhere it is:\n\n${ada}\n-- \nAda\n`],
])('an armored signature %s counts', async (_, text) => {
  expect(await reasonsFor({ signature: armored(text), keys: [vector('ada.key.asc')], data })).toEqual([null]);
});

test.each([
  ['dash-escaped', ada.replaceAll('-----', '- -----')],
  ['without its end', ada.replace(/-----END.*\n/, '')],
  ['with another end', ada.replace('END PGP SIGNATURE', 'END PGP MESSAGE')],
  ['nested in a header', ada.replace('\n\n', `\n${ada}\n\n`)],
  ['nested in a body', ada.replace('\n\n', `\n\n${ada}`)],
  ['cut in its body', ada.replace(/\n(.{20}).*\n=/, '\n$1\n=')],
  ['with a key beside it', `${ada}\n${Buffer.from(vector('ada.key.asc')).toString()}`],
  ['around a message', ada.replaceAll('PGP SIGNATURE', 'PGP MESSAGE')],
])('an armored signature %s is refused', async (_, text) => {
  expect(await refusalOf(() => readSignatures(armored(text)))).toMatch(/^signature\./);
});

test('packets behind the numbers of a signature, or in place of them, refuse or void it', async () => {
  for (const tail of [Buffer.from([0]), Buffer.from(body)])
    expect(await reasonsFor({ signature: packet(2, Buffer.concat([body, tail])), keys, data })).toEqual(['malformed']);
  expect(await reasonsFor({ signature: packet(2, body.subarray(0, -1)), keys, data })).toEqual(['malformed']);
  const several = Buffer.concat([signaturePacket(eve, data), packet(6, eve.body)]);
  expect(await refusalOf(() => readSignatures(several))).toBe('signature.unreadable');
});

// Whatever people can write into signatures and keys, in the places that nobody reads: it comes out nowhere, or spelled out.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sayReason } from '#lib/core/reason.ts';
import { renderArmor } from '#lib/pgp/armor.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { checkSignatureCommand } from '../../cli/commands/check-signature.ts';
import { inspectKeyCommand } from '../../cli/commands/inspect-key.ts';
import { certify, forgeCertificate, forgeKey, overKey, signaturePacket, sub, type Sub } from '../support/forge.ts';
import { judge, noon, vector } from '../support/pgp.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-text-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const evil = '\u001b[2J<img src=x onerror=alert(1)>\u202egnp.exe\nhttps://evil.example/?a=1';
const data = vector('SHA256SUMS');
const eve = forgeKey('eve');
const text = (type: number): Sub => ({ type, body: Buffer.from(evil) });
const notation: Sub = {
  type: 20,
  body: Buffer.concat([
    Buffer.from([0x80, 0, 0, 0, 0, 9, 0, evil.length + 2]),
    Buffer.from('n@example'),
    Buffer.from(evil),
  ]),
};
const everywhere = [notation, text(26), text(24), text(28), text(6)];
const rendered = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (part instanceof Map ? [...part] : part));

test('notations, policy addresses and signer names of a signature are in no fact and no sentence', async () => {
  const signature = signaturePacket(eve, data, { more: everywhere, unhashed: [sub.issuerId(eve), ...everywhere] });
  for (const bytes of [data, Buffer.from('other')]) {
    const answers = await judge({ signature, keys: [forgeCertificate(eve)], data: bytes });
    expect(answers.map(({ reason }) => reason)).toEqual([bytes === data ? null : 'wrong-bytes']);
    const said = answers.map(({ facts }) => (facts.defect ? sayReason(facts.defect) : ''));
    expect(rendered([answers, said])).not.toMatch(/evil|alert|onerror/);
  }
});

test('what stands unsigned beside a signature is not stored', async () => {
  const signature = signaturePacket(eve, data, { unhashed: [sub.issuerId(eve), ...everywhere] });
  const armored = renderArmor('SIGNATURE', signature).replace('\n\n', `\nComment: evil\n\n`);
  for (const file of [signature, Buffer.from(armored)]) {
    const [packet] = await readSignatures(file);
    expect(Buffer.from(packet?.bytes ?? []).toString('latin1')).not.toMatch(/evil|alert|Comment/);
  }
});

test('the comment of a revocation is not its reason', async () => {
  const reason: Sub = { type: 29, body: Buffer.concat([Buffer.from([2]), Buffer.from(evil)]) };
  const { facts } = await readCertificate(
    forgeCertificate(eve, { direct: [overKey(eve, eve, { type: 0x20, more: [reason] })] }),
    noon,
  );
  expect(facts.revocation?.reason).toBe('compromised');
  expect(rendered(facts)).not.toMatch(/evil|alert/);
});

test('a user id reaches no terminal unescaped', async () => {
  const userId = `Eve ${evil} <eve@example.org>`;
  const key = path.join(folder, 'eve.key');
  const signature = path.join(folder, 'eve.sig');
  writeFileSync(key, forgeCertificate(eve, { userId, certification: certify(eve, userId) }));
  writeFileSync(signature, signaturePacket(eve, data, { more: everywhere }));
  writeFileSync(path.join(folder, 'data'), data);
  for (const json of [true, false]) {
    const inspected = await inspectKeyCommand(key, { json }, noon);
    const files = { key: [key], data: path.join(folder, 'data'), signature };
    const checked = await checkSignatureCommand({ ...files, json }, noon);
    expect([inspected.exit, checked.exit]).toEqual([0, 0]);
    const shown = `${inspected.out}${inspected.err}${checked.out}${checked.err}`.replaceAll('\n', '');
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

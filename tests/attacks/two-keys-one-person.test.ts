// One person has two keys, or two files share a key: still one person.
import { expect, test } from 'vitest';
import path from 'node:path';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { checkSignatureCommand } from '../../cli/commands/check-signature.ts';
import { noon, vector } from '../support/pgp.ts';
import { backSignature, forgeCertificate, forgeKey, signaturePacket, sub, subkeyWith } from '../support/forge.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-'));
const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(path.join(folder, name), bytes);
  return path.join(folder, name);
};
const data = file('data', vector('SHA256SUMS'));

async function peopleOf(key: string[], signature: string): Promise<number> {
  const { out } = await checkSignatureCommand(
    { key, data, signature, json: true, received: '2026-06-01T12:00:00Z' },
    noon,
  );
  return (JSON.parse(out) as { people: number }).people;
}

test('two keys in the file of one person count for one person', async () => {
  const both = file('both', new Uint8Array([...vector('ada.key.asc'), ...vector('bo.key.asc')]));
  expect(await peopleOf([both], file('s', vector('concatenated.asc')))).toBe(1);
});

test('the same certificate named as two people is one person', async () => {
  const [one, other] = [file('one', vector('ada.key.asc')), file('other', vector('ada.key.gpg'))];
  const signature = file('twice', new Uint8Array([...vector('ada.asc'), ...vector('ada-again.asc')]));
  expect(await peopleOf([one, other], signature)).toBe(1);
});

test('two files that share a signing subkey under two primaries are one person', async () => {
  const [eve, mallory, shared] = [forgeKey('eve'), forgeKey('mallory'), forgeKey('shared')];
  const keys = [eve, mallory].map((primary, index) => {
    const bound = subkeyWith(primary, shared, [sub.flags(0x02), backSignature(shared, primary)]);
    return file(`shared-${index}`, forgeCertificate(primary, { rest: [bound] }));
  });
  const statement = vector('SHA256SUMS');
  const packets = [eve, mallory, shared].map((key) => signaturePacket(key, statement));
  expect(await peopleOf(keys, file('three', Buffer.concat(packets)))).toBe(1);
});

test('two people with a key each are two', async () => {
  const keys = ['ada', 'bo'].map((name) => file(`${name}-own`, vector(`${name}.key.asc`)));
  expect(await peopleOf(keys, file('s2', vector('one-block.asc')))).toBe(2);
});

// A small differential fuzz, seeded: octets of signatures and keys are changed at random, and nothing may crash, take long, or count with
// a changed hashed part. The full numbers run in `npm run test:long`.
import { expect, test } from 'vitest';
import { framePacket, renderHex, splitPackets } from '#lib/pgp/packets.ts';
import { readKeyRing } from '#lib/pgp/read-certificate.ts';
import { identityOf } from '#lib/pgp/signature-packet.ts';
import { mutations } from '../support/long.ts';
import { spentMs } from '../support/effort.ts';
import { judge, noon, refusalOf, vector } from '../support/pgp.ts';

const data = vector('SHA256SUMS');
const mostMs = 2000;
const mostBytes = 300 * 2 ** 20;

/** Mulberry32: the same changes in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutate(original: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = [...original];
  for (let left = 1 + random(3); left > 0; left -= 1) {
    const at = random(bytes.length);
    const kind = random(10);
    if (kind === 0) bytes.splice(at, 1 + random(8));
    else if (kind === 1) bytes.splice(at, 0, ...Array.from({ length: 1 + random(8) }, () => random(256)));
    else if (kind === 2) bytes[at] = [0, 1, 127, 128, 191, 192, 254, 255][random(8)] ?? 0;
    else bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
  }
  return Uint8Array.from(bytes);
}

const identities = (file: Uint8Array): string[] =>
  splitPackets(file).packets.map(({ body }) => renderHex(identityOf(body)));

test('no mutated signature crashes, takes over two seconds, or counts with a changed signed part', async () => {
  const random = randomFrom(1);
  const before = process.memoryUsage.rss();
  const makers = ['ada', 'bo', 'chi', 'dan'].map((name) => ({
    key: vector(`${name}.key.asc`),
    signature: framePacket(2, firstBody(vector(`${name}.asc`))),
  }));
  for (let round = 0; round < mutations(2000, 100_000); round += 1) {
    const maker = makers[round % makers.length];
    if (!maker) throw new Error('no maker');
    const signature = mutate(maker.signature, random);
    const started = spentMs();
    const refused = await refusalOf(async () => {
      for (const { reason, facts } of await judge({ signature, keys: [maker.key], data })) {
        if (reason !== null) continue;
        expect(facts.key).not.toBeNull();
        expect(identities(signature)).toContain(identities(maker.signature)[0]);
      }
    });
    expect(refused === 'accepted' || refused.startsWith('signature.')).toBe(true);
    expect(spentMs() - started).toBeLessThan(mostMs);
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(mostBytes);
});

test('no mutated key crashes, takes over two seconds, or signs for a key that is not in the original', async () => {
  const random = randomFrom(2);
  const before = process.memoryUsage.rss();
  const originals = await Promise.all(
    ['ada', 'bo', 'two', 'compromised', 'old'].map(async (name) => {
      const [certificate] = await readKeyRing(vector(`${name}.key.asc`), noon * 2);
      if (!certificate) throw new Error('no certificate');
      return certificate;
    }),
  );
  for (let round = 0; round < mutations(500, 20_000); round += 1) {
    const original = originals[round % originals.length];
    if (!original) throw new Error('no original');
    const changed = mutate(original.bytes, random);
    const started = spentMs();
    const refused = await refusalOf(async () => {
      for (const { facts } of await readKeyRing(changed, noon)) {
        const known = original.facts.signing.map(({ fingerprint }) => fingerprint);
        for (const { fingerprint } of facts.signing) expect(known).toContain(fingerprint);
      }
    });
    expect(refused === 'accepted' || refused.startsWith('key.')).toBe(true);
    expect(spentMs() - started).toBeLessThan(mostMs);
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(mostBytes);
});

function firstBody(armored: Uint8Array): Uint8Array {
  const base64 = Buffer.from(armored).toString().split('\n\n')[1]?.split('\n=')[0] ?? '';
  return splitPackets(new Uint8Array(Buffer.from(base64, 'base64'))).packets[0]?.body ?? new Uint8Array(0);
}

// TUF metadata with anything changed in it, signed by whichever keys a test says: those of the index, which somebody stole, or others.
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { canonicalJson } from '#lib/evidence/root-document.ts';
import type { RoleKeys } from '../../countersigner/tuf/role-keys.ts';

export type TufKey = { keyId: string; privateKey: KeyObject; publicHex: string };

/** A key that no root names. */
export function strangeKey(): TufKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicHex = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const shown = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: publicHex } };
  return { keyId: sha256Hex(Buffer.from(canonicalJson(shown))), privateKey, publicHex };
}

/** The key of a role of the index. */
export function stolenKey(keys: RoleKeys, role: string): TufKey {
  const found = keys.find((key) => key.role === role);
  if (!found) throw new Error(`no key of ${role}`);
  return found;
}

type Signed = Record<string, unknown> & { version: number };

/** The metadata with `change` applied to what is signed, and signatures by these keys alone. */
export function resign(
  metadata: Uint8Array | undefined,
  change: (signed: Signed) => Partial<Signed>,
  ...keys: TufKey[]
): Buffer {
  const { signed } = JSON.parse(Buffer.from(metadata ?? []).toString()) as { signed: Signed };
  const next = { ...signed, ...change(structuredClone(signed)) };
  const bytes = Buffer.from(canonicalJson(next));
  const signatures = keys.map(({ keyId, privateKey }) => ({
    ...{ keyid: keyId, sig: sign(null, bytes, privateKey).toString('hex') },
  }));
  return Buffer.from(JSON.stringify({ signatures, signed: next }));
}

/** What a timestamp says of this snapshot. */
export const metaOf = (version: number, snapshot: Uint8Array): object => ({
  'snapshot.json': { version, length: snapshot.length, hashes: { sha256: sha256Hex(snapshot) } },
});

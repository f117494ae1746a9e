// The keys that strangers may look up (HKP, VKS, WKD, the key ring of a project). One rule for all of them: a key is public once it is proven
// and a policy that is or was in force names it, which is when the index publishes it anyway; no lookup tells more than the index does
// (docs/decisions/014-public-keys.md). The key that signs mail is found too, by its fingerprint and as the key of the sender's address. Full fingerprints and addresses come from strangers; unknown and not public is the same answer: null.
import { createHash } from 'node:crypto';
import type { ProjectName } from '#lib/core/ids.ts';
import { isUsableKey, type KeyFacts } from '#lib/core/key.ts';
import { addressInUserId } from '#lib/core/user-id.ts';
import { armorCertificates, keepUserIds } from '#lib/pgp/certificate-views.ts';
import { readKeyFacts } from '#lib/pgp/read-key-facts.ts';
import type { Key } from '#lib/server/db/generated/client.ts';
import { loadPolicyInForce } from '#lib/server/judge/load-policy.ts';
import { readSender } from '#lib/server/mail/address.ts';
import { runtime } from '#lib/server/runtime.ts';

export type PublicKey = { certificate: Uint8Array; facts: KeyFacts };

/**
 * The public key with this fingerprint, its own or that of one of its signing subkeys (gpg asks by what it finds in a signature), or the only
 * one with this 64-bit id. Upper-case hex; anything else, and any shorter form, finds nothing.
 */
export async function findPublicKey(claimedDigits: string): Promise<PublicKey | null> {
  const { db, mailKey } = runtime();
  if (!/^(?:[0-9A-F]{16}|[0-9A-F]{40}|[0-9A-F]{64})$/.test(claimedDigits)) return null;
  if (mailKey?.fingerprint === claimedDigits)
    return { certificate: mailKey.certificate, facts: mailKey.key.certificate.facts };
  // The id is the end of a version 4 fingerprint; version 6 keys are asked for in full.
  const fingerprint = claimedDigits.length === 16 ? { endsWith: claimedDigits } : claimedDigits;
  const rows = await db.signingKey.findMany({ where: { fingerprint }, include: { key: true } });
  const fitting = rows.filter((row) => claimedDigits.length !== 16 || row.fingerprint.length === 40);
  const [key, ...others] = [...new Map(fitting.map((row) => [row.keyFingerprint, row.key])).values()];
  if (!key || others.length > 0 || !(await isPublic(key))) return null;
  return { certificate: key.certificate, facts: await readKeyFacts(key.certificate) };
}

/** A found key as text. */
export const armoredKey = (found: PublicKey | null): string | null => found && armorCertificates([found.certificate]);

/** Proven, and named by a policy that is or was in force. */
async function isPublic({ fingerprint, provenAt }: Key): Promise<boolean> {
  if (provenAt === null) return false;
  const quoted = Buffer.from(`"${fingerprint}"`);
  const rows = await runtime().db.$queryRaw<unknown[]>`
    SELECT 1 AS "found" FROM "Policy" WHERE "chainSlot" IS NOT NULL AND position(${quoted}::bytea IN "bytes") > 0 LIMIT 1`;
  return rows.length > 0;
}

/** What people ask a Web Key Directory: a domain, the hash of a local part, and (of newer clients) the local part itself. */
export type WkdQuestion = { domain: string; hash: string; localPart: string | null };

/**
 * The binary certificates, newest first, that are usable now and claim an address which their owner was sent a mail at, each with that user id
 * alone (draft-koch-openpgp-webkey-service, 3.1); null where there are none.
 */
export async function keysOfAddress({ domain, hash, localPart }: WkdQuestion): Promise<Uint8Array | null> {
  const { db, mailKey, config } = runtime();
  if (mailKey !== null && isAt(readSender(config.mailFrom)?.address ?? '', domain, hash)) return mailKey.certificate;
  const address = localPart === null ? { endsWith: `@${domain}` } : `${localPart}@${domain}`.toLowerCase();
  const where = { address, person: { keys: { some: { provenAt: { not: null } } } } };
  const rows = await db.address.findMany({ where, select: { address: true, personName: true } });
  const found = rows.find((row) => isAt(row.address, domain, hash));
  if (!found) return null;
  const keys = await db.key.findMany({
    where: { personName: found.personName, state: 'active' },
    orderBy: [{ provenAt: 'desc' }, { fingerprint: 'asc' }],
  });
  const views = await Promise.all(keys.map((key) => viewForAddress(key, found.address)));
  const certificates = views.filter((view) => view !== null);
  return certificates.length === 0 ? null : Buffer.concat(certificates);
}

function isAt(address: string, domain: string, hash: string): boolean {
  const [local = '', at] = address.split(/@(?=[^@]*$)/);
  return at === domain && wkdHash(local) === hash;
}

async function viewForAddress(key: Key, address: string): Promise<Uint8Array | null> {
  const facts = await readKeyFacts(key.certificate);
  if (!isUsableKey(facts, runtime().clock.now().getTime()) || !(await isPublic(key))) return null;
  const live = new Set(facts.userIds.filter((userId) => addressInUserId(userId) === address));
  return keepUserIds(key.certificate, (userId) => live.has(userId));
}

const alphabet = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** z-base-32 of the SHA-1 of the local part in small letters (the draft, 3.1). A name in an address, not a digest that anything rests on. */
export function wkdHash(localPart: string): string {
  const digest = createHash('sha1').update(localPart.toLowerCase()).digest();
  const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}

/**
 * The keys of a project in one armored block: of the people of the policy in force, and of those who left in good standing, whose signatures keep
 * counting. What is struck is not in it. Null where there is no policy in force.
 */
export async function projectKeyRing(project: ProjectName): Promise<string | null> {
  const { db } = runtime();
  const inForce = await loadPolicyInForce(db, project);
  if (!inForce) return null;
  const { people, retired, struck } = inForce.policy;
  const named = [...people, ...retired].flatMap(({ keys }) => keys);
  const rows = await db.key.findMany({
    where: { fingerprint: { in: named, notIn: struck.flatMap(({ keys }) => keys) } },
    orderBy: { fingerprint: 'asc' },
  });
  return rows.length === 0 ? null : armorCertificates(rows.map((row) => row.certificate));
}

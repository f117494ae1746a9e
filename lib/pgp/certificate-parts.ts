// A certificate taken apart (RFC 9580, 10.1): the primary key, then user ids and subkeys, each with the signature packets behind
// it. Only grouping, merging and putting together again; who signed what is judged in certificate-facts.ts. Hostile throughout.
import { concatBytes } from '#lib/core/bytes.ts';
import { framePacket, renderHex, tags, type RawPacket } from './packets.ts';

/** A user id or subkey (or the primary itself) with the bodies of the signatures that follow it. */
export type Part = { tag: number; body: Uint8Array; signatures: Uint8Array[] };

export type Parts = { primary: Part; userIds: Part[]; subkeys: Part[] };

/** All certificates of a file in their order; null where the packets are no certificates. User attributes are dropped. */
export function groupParts(packets: readonly RawPacket[]): Parts[] | null {
  const found: Parts[] = [];
  let last: Part | null = null;
  for (const { tag, body } of packets) {
    if (isPadding(tag)) continue;
    if (tag === tags.signature) {
      if (!last) return null;
      (isOverKey(body) ? (found.at(-1)?.primary ?? last) : last).signatures.push(body);
      continue;
    }
    last = { tag, body, signatures: [] };
    if (!placePart(found, last)) return null;
  }
  return found;
}

/** One certificate of two copies: every part and every signature that one of them has, each once. */
export function mergeParts(one: Parts, other: Parts): Parts {
  const [primary] = mergeLists([one.primary], [other.primary]);
  return {
    primary: primary ?? one.primary,
    userIds: mergeLists(one.userIds, other.userIds),
    subkeys: mergeLists(one.subkeys, other.subkeys),
  };
}

/** The bytes of a certificate, parts in the order given. */
export function renderParts({ primary, userIds, subkeys }: Parts): Uint8Array {
  return concatBytes(
    [primary, ...userIds, ...subkeys].flatMap(({ tag, body, signatures }) => [
      framePacket(tag, body),
      ...signatures.map((signature) => framePacket(tags.signature, signature)),
    ]),
  );
}

/** Direct-key signature or key revocation: people append a revocation certificate to the key, behind its last subkey. */
const isOverKey = (body: Uint8Array): boolean => body[1] === 0x1f || body[1] === 0x20;

const isPadding = (tag: number): boolean =>
  tag === tags.marker || tag === tags.padding || tag === tags.trust || (tag >= 40 && tag <= 63);

function placePart(found: Parts[], part: Part): boolean {
  if (part.tag === tags.publicKey) {
    found.push({ primary: part, userIds: [], subkeys: [] });
    return true;
  }
  const current = found.at(-1);
  if (!current) return false;
  if (part.tag === tags.userId) current.userIds.push(part);
  else if (part.tag === tags.publicSubkey) current.subkeys.push(part);
  else return part.tag === tags.userAttribute;
  return true;
}

function mergeLists(one: readonly Part[], other: readonly Part[]): Part[] {
  const merged = new Map<string, Part & { seen: Set<string> }>();
  for (const part of [...one, ...other]) {
    const name = renderHex(part.body);
    const known = merged.get(name) ?? { ...part, signatures: [], seen: new Set<string>() };
    merged.set(name, known);
    for (const signature of part.signatures) {
      const content = renderHex(signature);
      if (!known.seen.has(content)) known.signatures.push(signature);
      known.seen.add(content);
    }
  }
  return [...merged.values()].map(({ tag, body, signatures }) => ({ tag, body, signatures }));
}

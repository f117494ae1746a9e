// Which root is in force here: the newest that this countersigner serves, and those that its operator accepted since (`root accept`), which wait in
// `tuf/accepted/` for the next hand-back. Without any there is the development root, whose key lies here: good for trying things out.
import { renderInstant, type IndexName } from '#lib/core/ids.ts';
import { refuse } from '#lib/core/errors.ts';
import { isLoopbackUrl } from '#lib/core/loopback.ts';
import { verifyEd25519 } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import {
  checkRoot,
  readRoot,
  rootRoles,
  type RoleRule,
  type RootFacts,
  type RootRole,
} from '#lib/evidence/root-document.ts';
import type { Store } from '#countersigner/store.ts';
import { makeRoleKey, readRoleKeys, rootBytes, signRoot } from './role-keys.ts';
import { tufPlaces } from './state.ts';

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** What a root is checked with. */
export const rootChecking = {
  sha256: hashing.sha256,
  verify: (key: string, bytes: Uint8Array, signature: string): boolean =>
    verifyEd25519(fromHex(key), bytes, fromHex(signature)),
};

export const acceptedPlace = (version: number): string => `tuf/accepted/${version}.root.json`;

/** The root that is served; null: none is yet. */
export function readServedRoot(store: Store): RootFacts | null {
  const bytes = store.read(tufPlaces.root);
  return bytes === null ? null : readRoot(bytes, hashing).facts;
}

export type AcceptedRoot = { facts: RootFacts; bytes: Uint8Array };

/** The roots that were accepted since, in their order. Each is checked again: it was a file of its own. */
export function readAcceptedRoots(store: Store, served: RootFacts | null): AcceptedRoot[] {
  const accepted: AcceptedRoot[] = [];
  for (let before = served; ; before = accepted.at(-1)?.facts ?? null) {
    const bytes = store.read(acceptedPlace((before?.version ?? 0) + 1));
    if (bytes === null) return accepted;
    const document = readRoot(bytes, hashing);
    checkRoot(document, before, rootChecking);
    accepted.push({ facts: document.facts, bytes });
  }
}

/** The newest root, served or accepted; null: there is none. */
export function newestRoot(store: Store): RootFacts | null {
  const served = readServedRoot(store);
  return readAcceptedRoots(store, served).at(-1)?.facts ?? served;
}

/** The development root, or its next version before it ends: one key of this folder for each role. */
export function makeDevelopmentRoot(
  store: Store,
  given: { index: IndexName; before: RootFacts | null; expires: number },
): AcceptedRoot {
  const { index, before, expires } = given;
  // A root key that was made before a first commit that was cut off is taken again.
  if (!readRoleKeys(store).some((key) => key.role === 'root')) makeRoleKey(store, 'root');
  const keys = readRoleKeys(store);
  const rule = (role: RootRole): RoleRule => {
    const key = keys.find((one) => one.role === role && (before?.roles[role].keys.includes(one.publicHex) ?? true));
    if (!key) throw refuse('tuf.no-role-key', { role, root: (before?.version ?? 0) + 1 });
    return { keys: [key.publicHex], threshold: 1 };
  };
  const facts: RootFacts = {
    ...{ version: (before?.version ?? 0) + 1, expires: renderInstant(expires), index, stage: 'development' },
    roles: Object.fromEntries(rootRoles.map((role) => [role, rule(role)])) as RootFacts['roles'],
  };
  const [own] = keys.filter((key) => facts.roles.root.keys.includes(key.publicHex));
  const document = { facts, signatures: own ? [signRoot(facts, own)] : [] };
  return { facts, bytes: rootBytes(document) };
}

/** Refuses (`tuf.development-root`) to serve an address that others reach with a root that nobody but this machine holds. */
export function requireHeldRoot(store: Store, addresses: readonly string[]): void {
  const address = addresses.find((one) => one !== '' && !isLoopbackUrl(one));
  if (address !== undefined && newestRoot(store)?.stage !== 'offline')
    throw refuse('tuf.development-root', { address });
}

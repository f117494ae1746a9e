// The root that people hold (docs/guide/root-ceremony.md), seen from the countersigner: `root new` writes the document that they sign, each on a
// machine of their own, and `root accept` takes it when enough of them did. Nothing that is handed in is believed: the document must follow the root in
// force, by its rule and by its own, and name keys that lie here for the roles that sign every day.
import { instantMs, renderInstant, type IndexName } from '#lib/core/ids.ts';
import { refuse } from '#lib/core/errors.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { checkRoot, readRoot, renderRoot, type RootDocument, type RootFacts } from '#lib/evidence/root-document.ts';
import type { Store } from '#countersigner/store.ts';
import {
  dropDevelopmentKeys,
  keyFor,
  makeRoleKey,
  onlineRoles,
  readRoleKeys,
  rootBytes,
  signRoot,
  type OnlineRole,
} from './role-keys.ts';
import { acceptedPlace, newestRoot, rootChecking } from './root.ts';
import { readTufState, renderJson, tufPlaces } from './state.ts';

const day = 86_400_000;
const leastDays = 30;

export type NewRoot = {
  index: IndexName;
  /** Public keys of the holders, 64 hex digits each; empty: those of the root in force. */
  holders: readonly string[];
  /** null: that of the root in force. */
  threshold: number | null;
  days: number;
  /** Roles that get a new key. */
  renew: readonly OnlineRole[];
  now: number;
};

/** The next root, unsigned. Refuses (`input.…`) holders or a threshold that cannot be. */
export function newRoot(store: Store, given: NewRoot): Uint8Array {
  const before = newestRoot(store);
  const isHeld = before?.stage === 'offline';
  const holders = given.holders.length === 0 && isHeld ? before.roles.root.keys : given.holders;
  const threshold = given.threshold ?? (isHeld ? before.roles.root.threshold : holders.length);
  const facts: RootFacts = {
    ...{ version: (before?.version ?? 0) + 1, expires: renderInstant(given.now + given.days * day) },
    ...{ index: before?.index ?? given.index, stage: 'offline' },
    roles: {
      root: { keys: holders, threshold },
      ...(Object.fromEntries(
        onlineRoles.map((role) => [role, { keys: [actingKey(store, before, role, given.renew)], threshold: 1 }]),
      ) as Record<OnlineRole, { keys: string[]; threshold: number }>),
    },
  };
  const bytes = rootBytes({ facts, signatures: [] });
  readRoot(bytes, hashing); // holders and threshold are an operator's words
  return bytes;
}

function actingKey(store: Store, before: RootFacts | null, role: OnlineRole, renew: readonly OnlineRole[]): string {
  if (renew.includes(role)) return makeRoleKey(store, role).publicHex;
  const keys = readRoleKeys(store);
  if (before) return keyFor(keys, before, role).publicHex;
  return (keys.find((key) => key.role === role) ?? makeRoleKey(store, role)).publicHex;
}

/** One document with the signatures of all its copies. Refuses `root.copies-differ`. */
export function mergeCopies(copies: readonly { file: string; bytes: Uint8Array }[]): RootDocument {
  const documents = copies.map(({ file, bytes }) => ({ file, document: readRoot(bytes, hashing) }));
  const [first, ...others] = documents;
  if (!first) throw refuse('input.missing', { field: 'a root' });
  const textOf = ({ facts }: RootDocument): string => renderRoot({ facts, signatures: [] }, hashing);
  for (const { file, document } of others)
    if (textOf(document) !== textOf(first.document)) throw refuse('root.copies-differ', { file });
  const signatures = new Map(
    documents.flatMap(({ document }) => document.signatures.map((entry) => [JSON.stringify(entry), entry] as const)),
  );
  return { facts: first.document.facts, signatures: [...signatures.values()] };
}

/**
 * Takes a root whose holders signed it. It is served with the next hand-back; the key of a development root is gone from then on. Refuses
 * `root.too-few`, `root.not-next`, `root.other-index`, `root.not-ours`, `root.too-short`, `root.not-offline`.
 */
export function acceptRoot(store: Store, merged: RootDocument, now: number): RootFacts {
  const before = newestRoot(store);
  const { facts } = merged;
  if (facts.stage !== 'offline') throw refuse('root.not-offline', {});
  if (instantMs(facts.expires) < now + leastDays * day) throw refuse('root.too-short', { expires: facts.expires });
  const keys = readRoleKeys(store);
  for (const role of onlineRoles)
    if (!keys.some((key) => key.role === role && facts.roles[role].keys.includes(key.publicHex)))
      throw refuse('root.not-ours', { role });
  // The development root is ours, so its consent is.
  const own = before?.stage === 'development' ? [signRoot(facts, keyFor(keys, before, 'root'))] : [];
  const document = { facts, signatures: [...merged.signatures, ...own] };
  checkRoot(document, before, rootChecking);
  store.commit(
    new Map([[acceptedPlace(facts.version), rootBytes(document)], ...clockSetAnew(store, before, facts, now)]),
  );
  dropDevelopmentKeys(store);
  return facts;
}

/**
 * With another timestamp key, whatever the one before signed is worth nothing any more: so a clock that once ran far ahead is forgiven, and only so
 * (`countersigner.clock`).
 */
function clockSetAnew(store: Store, before: RootFacts | null, next: RootFacts, now: number): [string, Uint8Array][] {
  const state = readTufState(store);
  const isOther = !next.roles.timestamp.keys.some((key) => before?.roles.timestamp.keys.includes(key));
  return state !== null && isOther ? [[tufPlaces.state, renderJson({ ...state, signedAt: now })]] : [];
}

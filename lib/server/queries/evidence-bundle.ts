// The evidence bundle of a release for download (docs/formats/evidence.md), made from the index tree in its folder, which everybody may read anyway: no row
// of the database has a part in it. Making one costs some tenths of a second, so each is kept until the tree changes, few are made at once, and whoever
// asks for the same one gets the same work.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readProjectName, readVersion, type Sha256 } from '#lib/core/ids.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { bundleName } from '#lib/evidence/bundle-places.ts';
import { gatherBundle } from '#lib/evidence/gather-bundle.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { packReleaseBundle } from '#lib/evidence/release-bundle.ts';
import { timestampPath } from '#lib/evidence/tuf-tree.ts';
import { readServed } from '#lib/server/handoff/index-folder.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime, type Runtime } from '#lib/server/runtime.ts';

export type EvidenceDownload = { fileName: string; bytes: Uint8Array; sha256: Sha256 };

type Made = { mark: string; download: Promise<EvidenceDownload> };

const keptOf = new WeakMap<Runtime, Map<string, Made>>();
let making = 0;

/**
 * For everybody. Refuses `release.not-found` (also for whatever is no name or version), `evidence.being-written` while the tree is between two states, and
 * `evidence.busy` where too many others are being made.
 */
export async function evidenceBundle(claimedName: string, claimedVersion: string): Promise<EvidenceDownload> {
  const wanted = namesOf(claimedName, claimedVersion);
  const kept = keptOf.get(runtime()) ?? new Map<string, Made>();
  keptOf.set(runtime(), kept);
  const [key, mark] = [`${wanted.project} ${wanted.version}`, await markOfTree()];
  const known = kept.get(key);
  if (known?.mark === mark) return known.download;
  const download = make(wanted);
  kept.delete(key);
  kept.set(key, { mark, download });
  for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - limits.evidenceKeptMax))) kept.delete(oldest);
  download.catch(() => {
    if (kept.get(key)?.download === download) kept.delete(key);
  });
  return download;
}

type Wanted = { project: ReturnType<typeof readProjectName>; version: ReturnType<typeof readVersion> };

function namesOf(project: string, version: string): Wanted {
  try {
    return { project: readProjectName(project), version: readVersion(version) };
  } catch (cause) {
    throw isRefusal(cause) ? refuse('release.not-found', {}, cause) : cause;
  }
}

async function make({ project, version }: Wanted): Promise<EvidenceDownload> {
  if (making >= limits.evidenceAtOnce) throw refuse('evidence.busy', {});
  making += 1;
  try {
    const now = runtime().clock.now().getTime();
    const entries = await gatherBundle(
      readServed,
      { project, version },
      { checking: { hashing, note: noteCheck }, now },
    );
    if (!entries) throw refuse('release.not-found', {});
    const bytes = packReleaseBundle(entries);
    return { fileName: bundleName(project, version), bytes, sha256: hashing.sha256(bytes) };
  } catch (fault) {
    throw isRefusal(fault) && /^(?:log\.|evidence\.missing)/.test(fault.code)
      ? refuse('evidence.being-written', {}, fault)
      : fault;
  } finally {
    making -= 1;
  }
}

/** Paths are made from checked names alone (lib/evidence/index-tree.ts, log-tree.ts, tuf-tree.ts). */
/** Another one whenever something was put in place. */
async function markOfTree(): Promise<string> {
  const [checkpoint, timestamp] = [await readServed(checkpointPath), await readServed(timestampPath)];
  return [checkpoint, timestamp].map((bytes) => hashing.sha256(bytes ?? new Uint8Array())).join(' ');
}

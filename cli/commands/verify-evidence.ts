// `countersign verify --evidence FILE.zip [FILES]`: decides one release from its evidence bundle, without index and network, by the same steps as `verify`. What
// is pinned of the index is held against it and left as it is: a bundle says how things stood once. Without a pin, fingerprints are compared by a person or
// given, as at first contact. Exit codes: docs/formats/exit-codes.md.
import { basename } from 'node:path';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { FileName } from '#lib/core/ids.ts';
import type { RecordFile, ReleaseRecord } from '#lib/core/release.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import { bundleLimits } from '#lib/python/limits.ts';
import { readReleaseBundle } from '#lib/evidence/release-bundle.ts';
import { readInput } from '#cli/read-input.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { standingDemands } from '#cli/trust/demand.ts';
import { readGiven } from '#cli/trust/given.ts';
import type { IndexPin } from '#cli/trust/pin.ts';
import { pinnedIndexes } from '#cli/trust/store.ts';
import { sourceOfBundle } from '#cli/verify/bundle-source.ts';
import { requireBundledRoot, requireBundledTargets, type KnownRoot } from '#cli/verify/bundle-tuf.ts';
import { readMode } from '#cli/verify/by-pins.ts';
import { withLocalFiles } from '#cli/verify/local-files.ts';
import { renderVerified, renderVerifiedJson } from '#cli/verify/say-verified.ts';
import { verifyRelease } from '#cli/verify/verify-release.ts';
import type { World } from '#cli/verify/world.ts';
import type { CommandOutcome } from './inspect-distribution.ts';
import type { VerifyOptions } from './verify.ts';

/** Verifies and says what was found. Never throws. `what`: files of the release that are here. */
export async function verifyEvidenceCommand(
  evidence: string,
  options: VerifyOptions,
  world: World,
): Promise<CommandOutcome> {
  try {
    const bundle = await readReleaseBundle(await readInput(evidence, bundleLimits.fileBytesMax));
    const { index, project, version } = bundle.record;
    const given = readGiven(options);
    const mode = await readMode(options);
    const pin = pinOf(world, index);
    const root = await requireBundledRoot(bundle, knownRoots(pin, given.root));
    const paths = new Map(
      options.what.map((file): [FileName, string] => [readDistributionName(basename(file)).fileName, file]),
    );
    const wanted = { project, version, files: (record: ReleaseRecord) => filesOf(record, paths) };
    const demands = [...mode.demands, ...standingDemands(world.home, project)];
    const { now, ask } = world;
    const held = { pin, given, ask, trust: mode.trust, demands, now, root };
    const verified = await verifyRelease(withLocalFiles(sourceOfBundle(evidence, bundle), paths), wanted, held);
    await requireBundledTargets(bundle, root);
    const render = options.json ? renderVerifiedJson : renderVerified;
    return { exit: 0, out: render(verified), err: '' };
  } catch (fault) {
    return refusalOutcome(ofThisBundle(fault), options.json ?? false);
  }
}

/** Another key than the trusted one does not say that the index has it now: the bundle may be older than a change of the key. */
function ofThisBundle(fault: unknown): unknown {
  if (!isRefusal(fault) || fault.code !== 'verify.other-index-key') return fault;
  const { expected, found } = fault.details as Record<'expected' | 'found', string>;
  return refuse('evidence.other-index-key', { expected, found }, fault);
}

/** What is pinned of the index with this name; null: nothing, or several addresses use it and none is meant. */
function pinOf({ home }: World, index: string): IndexPin | null {
  const [pin, ...more] = pinnedIndexes(home).filter((one) => one.index === index);
  return more.length === 0 ? (pin ?? null) : null;
}

function knownRoots(pin: IndexPin | null, given: KnownRoot['sha256'] | null): KnownRoot[] {
  const pinned = pin?.tuf ? [{ version: pin.tuf.rootVersion, sha256: pin.tuf.rootSha256 }] : [];
  return given === null ? pinned : [...pinned, { version: null, sha256: given }];
}

/** The given files of the release; none where none was given: the rest of the evidence stands by itself. */
function filesOf({ files, project, version }: ReleaseRecord, paths: ReadonlyMap<FileName, string>): RecordFile[] {
  for (const name of paths.keys())
    if (!files.some((file) => file.name === name)) throw refuse('verify.not-in-release', { name, project, version });
  return files.filter(({ name }) => paths.has(name));
}

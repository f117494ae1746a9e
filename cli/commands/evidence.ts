// `countersign evidence NAME==VERSION --index URL`: fetches everything that proves a release into one file that needs no index and no network
// (docs/formats/evidence.md). It decides nothing about the release: whoever has the file does, with `verify --evidence` or with other tools.
// Exit codes: 0 written, 1 the index lacks some of it, 2 unusable input or no such release, 3 could not be fetched or written.
import { rename, rm, writeFile } from 'node:fs/promises';
import { refuse } from '#lib/core/errors.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { bundleName } from '#lib/evidence/bundle-places.ts';
import { gatherBundle } from '#lib/evidence/gather-bundle.ts';
import { packReleaseBundle } from '#lib/evidence/release-bundle.ts';
import { openIndex } from '#cli/index/fetch-index.ts';
import { asOfOneMoment } from '#cli/index/one-moment.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { readRequirement } from '#cli/requirement.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type EvidenceOptions = {
  /** `NAME==VERSION`, in any spelling that PEP 503 and PEP 440 allow. */
  nameAndVersion: string;
  index: string;
  /** Where to write it; left out: `NAME-VERSION.evidence.zip` in the folder one is in. */
  output?: string | undefined;
  json?: boolean | undefined;
};

const ofTwoMoments = ['evidence.missing', 'log.not-in-log', 'log.incomplete', 'log.damaged-tiles'] as const;

/** Writes the bundle and says where. Never throws; `now` in milliseconds. */
export async function evidenceCommand(options: EvidenceOptions, now: number): Promise<CommandOutcome> {
  const { json = false } = options;
  try {
    const [project, version] = readRequirement(options.nameAndVersion);
    const index = openIndex(options.index);
    const gathering = { checking: { hashing, note: noteCheck }, now };
    const gather = () => gatherBundle((path) => index.read(path), { project, version }, gathering);
    const entries = await asOfOneMoment(gather, ofTwoMoments);
    if (!entries) throw refuse('verify.no-such-release', { project, version, index: index.base });
    const bytes = packReleaseBundle(entries);
    const file = options.output ?? bundleName(project, version);
    await writeWhole(file, bytes);
    const said = { project, version, file, bytes: bytes.length, sha256: hashing.sha256(bytes) };
    if (json) return { exit: 0, out: `${JSON.stringify(said)}\n`, err: '' };
    return { exit: 0, out: `${safeForTerminal(file)}\n`, err: '' };
  } catch (fault) {
    return refusalOutcome(fault, json);
  }
}

/** Under its name there is the whole file or what was there before. Refuses `evidence.not-written`. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const beside = `${file}.${process.pid}.part`;
  try {
    await writeFile(beside, bytes, { flag: 'wx' });
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true });
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw refuse('evidence.not-written', { file, why }, cause);
  }
}

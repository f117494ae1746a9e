// `countersign witness init | once | run`: watches the log of an index for everybody. It signs a checkpoint only if everything that it ever saw is its
// beginning, so that an index cannot tell two stories to people who know the same witness. It needs no port, no name and no database.
// Exit codes: 0 signed and taken, 1 refused (nothing signed), 2 unusable, 3 the index could not be asked or did not take the line.
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exitCode, refuse } from '#lib/core/errors.ts';
import { readFingerprint, readIndexName, renderInstant } from '#lib/core/ids.ts';
import { noteCheck, publicOctetsOf } from '#lib/digest/ed25519.ts';
import { readNoteKey } from '#lib/evidence/checkpoint.ts';
import { readIndexKey } from '#lib/evidence/index-signature.ts';
import { indexKeyPath } from '#lib/evidence/index-tree.ts';
import { openIndex, type IndexReader } from '#cli/index/fetch-index.ts';
import { readLogName } from '#cli/index/log.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import { hold } from '#cli/trust/hold.ts';
import { readHome } from '#cli/trust/home.ts';
import { cosignOnce, lookAt, type Cosigning } from '#cli/witness/cosign.ts';
import {
  makeKey,
  readWitness,
  witnessKeyOf,
  writeWatched,
  writeWitness,
  type Watched,
  type WitnessState,
} from '#cli/witness/state.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type WitnessOptions = { folder?: string | undefined; json?: boolean | undefined };
export type InitOptions = WitnessOptions & { name: string; indexKey?: string | undefined };

/** Where the witness lives. */
const folderOf = ({ folder }: WitnessOptions): string =>
  folder === undefined ? path.join(readHome(process.env).state, 'witness') : path.resolve(folder);

/** Makes a key and looks at the index for the first time; on a folder that watches this index already it only changes address and index key. */
export async function witnessInitCommand(address: string, options: InitOptions, now: number): Promise<CommandOutcome> {
  try {
    const folder = folderOf(options);
    return made(await settle(folder, openIndex(address), { ...options, now }), folder, options.json ?? false);
  } catch (fault) {
    return refusalOutcome(fault, options.json ?? false);
  }
}

type Wanted = Pick<InitOptions, 'name' | 'indexKey'> & { now: number };

async function settle(
  folder: string,
  index: IndexReader,
  { name, indexKey: given, now }: Wanted,
): Promise<WitnessState> {
  const indexKey = await requireIndexKey(index, given, now);
  const indexName = readIndexName((await readLogName(index)).replace(/\/log$/, ''));
  const known = readWitness(folder);
  if (known) requireSame(folder, known.watched, { name, index: indexName });
  const { bytes } = await lookAt(index, { index: indexName, indexKey, seen: known?.seen ?? null, now });
  const what = { type: 'countersign/witness', format: 1, name, address: index.base } as const;
  const watched: Watched = { ...what, index: indexName, indexKey };
  const privateKey = known?.privateKey ?? makeKey();
  const key = { name, publicKey: publicOctetsOf(privateKey) };
  readNoteKey(witnessKeyOf({ key }), noteCheck.hash, 'cosignature'); // a name that no line could carry
  if (known) writeWatched(folder, watched);
  else writeWitness(folder, { watched, privateKey, seen: bytes });
  return { watched, key, privateKey, seen: known?.seen ?? bytes };
}

function requireSame(folder: string, { name, index }: Watched, wanted: Pick<Watched, 'name' | 'index'>): void {
  if (index !== wanted.index || name !== wanted.name) throw refuse('witness.exists', { folder, name, index });
}

async function requireIndexKey(index: IndexReader, given: string | undefined, now: number) {
  const certificate = await index.read(indexKeyPath);
  if (!certificate) throw refuse('evidence.missing', { what: indexKeyPath });
  const found = (await readIndexKey(certificate, now)).facts.primary;
  if (given === undefined) throw refuse('witness.which-index-key', { address: index.base, found });
  const expected = readFingerprint(given.replaceAll(' ', '').toUpperCase());
  if (expected !== found) throw refuse('verify.other-index-key', { expected, found });
  return found;
}

function made(state: WitnessState, folder: string, json: boolean): CommandOutcome {
  const key = witnessKeyOf(state);
  const { name, index } = state.watched;
  if (json) return { exit: 0, out: `${JSON.stringify({ name, index, key, folder })}\n`, err: '' };
  const lines = [
    `${name} watches the log of ${index}.`,
    `Its key, for the operator of the index (WITNESSES) and for whoever trusts it:`,
    `  ${key}`,
    `Kept in ${folder}. Never bring that folder back from a backup: make a new witness instead.`,
  ];
  return { exit: 0, out: `${lines.map(safeForTerminal).join('\n')}\n`, err: '' };
}

/** One look. */
export async function witnessOnceCommand(options: WitnessOptions, now: number): Promise<CommandOutcome> {
  try {
    const folder = folderOf(options);
    const held = await hold(path.join(folder, 'lock'), { ms: 1000, tell: () => undefined });
    try {
      const state = readWitness(folder);
      if (!state) throw refuse('witness.none', { folder });
      return signed(state, await cosignOnce(folder, state, now), options.json ?? false);
    } finally {
      await held.release();
    }
  } catch (fault) {
    return refusalOutcome(fault, options.json ?? false);
  }
}

function signed({ watched }: WitnessState, cosigning: Cosigning, json: boolean): CommandOutcome {
  const { before, size, at, changes, notTaken } = cosigning;
  const exit = notTaken === null ? 0 : exitCode.unavailable;
  const time = renderInstant(at * 1000);
  const indexKey = changes.at(-1)?.new ?? watched.indexKey;
  const fields = { index: watched.index, indexKey, before, size, at: time, taken: notTaken === null, why: notTaken };
  if (json) return { exit, out: `${JSON.stringify(fields)}\n`, err: '' };
  const says = [
    ...changes.map((change) => `${watched.index} has another key: ${change.old} vouches for ${change.new}.`),
    `${watched.index}: the log of ${size} entries continues the one of ${before}. Signed at ${time}.`,
  ];
  const err = notTaken === null ? '' : `The index did not take the line: ${notTaken}`;
  return { exit, out: `${says.map(safeForTerminal).join('\n')}\n`, err: err === '' ? '' : `${safeForTerminal(err)}\n` };
}

const [everySecondsLeast, everySecondsMost] = [10, 86_400];

export type RunOptions = WitnessOptions & { every?: string | undefined };
export type Telling = { tell: (outcome: CommandOutcome) => void; stop: AbortSignal; clock: () => number };

/** Look after look until it is told to stop. Ends by itself on a contradiction: somebody must see that. */
export async function witnessRunCommand(options: RunOptions, telling: Telling): Promise<CommandOutcome> {
  const seconds = Number(options.every ?? '300');
  if (seconds >= everySecondsLeast && seconds <= everySecondsMost) return look(options, seconds * 1000, telling);
  const what = `a number of seconds from ${everySecondsLeast} to ${everySecondsMost}`;
  return refusalOutcome(refuse('input.not-a', { what, claimed: options.every ?? '' }), options.json ?? false);
}

async function look(options: RunOptions, everyMs: number, { tell, stop, clock }: Telling): Promise<CommandOutcome> {
  let saidLast = '';
  while (!stop.aborted) {
    const outcome = await witnessOnceCommand(options, clock());
    if (outcome.exit !== 0 && outcome.exit !== exitCode.unavailable) return outcome;
    // The same trouble look after look is said once.
    if (outcome.exit === 0 || outcome.err !== saidLast) tell(outcome);
    saidLast = outcome.err;
    await pause(everyMs, undefined, { signal: stop }).catch(() => undefined); // only the stop signal ends it early
  }
  return { exit: 0, out: '', err: '' };
}

// The pins on disk: one folder an index, which holds `pin.json` and the folder of TUF metadata that it names. The renaming of pin.json is the one moment
// at which something changes: what it does not name is litter of a run that was cut off. Refuses a pin that cannot be read, and a folder
// without one: what was trusted once never silently becomes a first contact (threats.md, 112).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { sameBytes } from '#lib/core/bytes.ts';
import type { Home } from './home.ts';
import { hold } from './hold.ts';
import { readPin, renderPin, type IndexPin } from './pin.ts';
import { copySynced, syncFolder, writeSynced } from './write-synced.ts';

export type Trust = {
  /** What is trusted; null: this index was never met. */
  readonly pin: IndexPin | null;
  /** Where the metadata of TUF lies, as it was accepted last; null: none is. */
  readonly tuf: string | null;
  /** Puts the pin in place, with this folder of TUF metadata where `next` has some. All or nothing; refuses `trust.not-written`, `trust.changed-meanwhile`. */
  commit(next: Omit<IndexPin, 'tuf'> & { tuf: TufState | null }): void;
  /** Keeps bytes that prove a contradiction, beside the pins and whatever is decided. Answers where. */
  keepEvidence(name: string, bytes: Uint8Array): string;
};

/** `from`: a folder of our own with the metadata; it is copied. */
export type TufState = { rootVersion: number; rootSha256: NonNullable<IndexPin['tuf']>['rootSha256']; from: string };

export type Waiting = { ms: number; tell: (pid: number) => void };

/** The folder of an index, by its address: readable, and no two addresses share one. */
const slugOf = (address: string): string => {
  const digest = createHash('sha256').update(address).digest('hex').slice(0, 12);
  const host = new URL(address).host.replace(/[^a-z0-9.-]/gi, '-').slice(0, 60);
  return `${host}-${digest}`;
};

/** All indexes that were met. Refuses `trust.damaged`. */
export const pinnedIndexes = (home: Home): IndexPin[] => pinnedPlaces(home).map(({ pin }) => pin);

/** A pin, and where the TUF metadata lies that was accepted with it. */
export type PinnedPlace = { pin: IndexPin; tuf: string | null };

/** The same, with the places. Refuses `trust.damaged`. */
export function pinnedPlaces(home: Home): PinnedPlace[] {
  const folder = path.join(home.state, 'indexes');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true });
  return names
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => {
      const pin = load(path.join(folder, name))?.pin;
      return pin ? [{ pin, tuf: pin.tuf && path.join(folder, name, pin.tuf.folder) }] : [];
    });
}

/** Forgets the index at this address, damaged pins and all. */
export async function forgetTrust({ home, address, waiting }: Place): Promise<void> {
  const name = slugOf(address);
  const held = await hold(path.join(home.state, 'locks', name), waiting);
  rmSync(path.join(home.state, 'indexes', name), { recursive: true, force: true });
  await held.release();
}

type Place = { home: Home; address: string; waiting: Waiting };

/** Works with what is trusted about the index at this address, while no other run does. */
export async function withTrust<T>({ home, address, waiting }: Place, work: (trust: Trust) => Promise<T>): Promise<T> {
  const name = slugOf(address);
  const held = await hold(path.join(home.state, 'locks', name), waiting);
  try {
    return await work(openTrust(home, name));
  } finally {
    await held.release();
  }
}

function openTrust(home: Home, name: string): Trust {
  const folder = path.join(home.state, 'indexes', name);
  const loaded = load(folder);
  if (loaded) clear(folder, loaded.pin);
  const tuf = loaded?.pin.tuf ? path.join(folder, loaded.pin.tuf.folder) : null;
  return {
    pin: loaded?.pin ?? null,
    tuf,
    commit: (next) => {
      requireUnchanged(folder, loaded?.bytes ?? null);
      guarded(folder, () => put(folder, loaded?.pin ?? null, next));
    },
    keepEvidence: (label, bytes) => {
      const file = path.join(home.state, 'contradictions', name, label);
      guarded(file, () => writeSynced(file, bytes));
      return file;
    },
  };
}

type Loaded = { pin: IndexPin; bytes: Uint8Array };

function load(folder: string): Loaded | null {
  if (!existsSync(folder)) return null;
  const place = path.join(folder, 'pin.json');
  const damaged = (why: string, cause?: unknown) => refuse('trust.damaged', { place, why }, cause);
  try {
    for (const part of [folder, place]) requireOwn(part);
    const bytes = new Uint8Array(readFileSync(place));
    const pin = readPin(bytes);
    if (pin.tuf && !existsSync(path.join(folder, pin.tuf.folder, 'root.json')))
      throw damaged('its TUF root is missing');
    return { pin, bytes };
  } catch (fault) {
    if (isRefusal(fault) && fault.code.startsWith('trust.')) throw fault;
    throw damaged(isRefusal(fault) ? fault.message : codeOf(fault), fault);
  }
}

function requireOwn(place: string): void {
  if (process.platform === 'win32') return; // access lists there, no mode
  if ((statSync(place).mode & 0o022) !== 0) throw refuse('trust.loose-mode', { place });
}

/** Removes what a run left behind that was cut off before its commit. */
function clear(folder: string, pin: IndexPin): void {
  for (const name of readdirSync(folder))
    if (name !== 'pin.json' && name !== pin.tuf?.folder)
      rmSync(path.join(folder, name), { recursive: true, force: true });
}

/** The lock keeps others of this machine away; a folder that two machines share is noticed here. */
function requireUnchanged(folder: string, expected: Uint8Array | null): void {
  const place = path.join(folder, 'pin.json');
  const found = existsSync(place) ? new Uint8Array(readFileSync(place)) : null;
  const same = found === null || expected === null ? found === expected : sameBytes(found, expected);
  if (!same) throw refuse('trust.changed-meanwhile', { place });
}

function put(folder: string, before: IndexPin | null, next: Parameters<Trust['commit']>[0]): void {
  const { tuf: state, ...rest } = next;
  const number = Number(before?.tuf?.folder.slice('tuf-'.length) ?? 0) + 1;
  const tuf = state && { rootVersion: state.rootVersion, rootSha256: state.rootSha256, folder: `tuf-${number}` };
  const pin: IndexPin = { ...rest, tuf };
  const bytes = Buffer.from(renderPin(pin));
  readPin(bytes); // whatever could not be read again must not be written
  // A first pin appears together with its folder, so that a folder without a pin is always damage.
  const into = before ? folder : newFolderOf(folder);
  const made = before ? path.join(folder, `tuf-${number}`) : into;
  rmSync(made, { recursive: true, force: true });
  try {
    mkdirSync(into, { recursive: true, mode: 0o700 });
    if (state) copySynced(state.from, path.join(into, `tuf-${number}`));
    writeSynced(path.join(into, 'pin.json'), bytes);
    if (!before) renameSync(into, folder);
  } catch (fault) {
    rmSync(made, { recursive: true, force: true });
    throw fault;
  }
  syncFolder(path.dirname(folder));
  clear(folder, pin);
}

/** Its name begins with a dot: no index has that name. */
const newFolderOf = (folder: string): string => path.join(path.dirname(folder), `.${path.basename(folder)}.new`);

function guarded(place: string, work: () => void): void {
  try {
    work();
  } catch (fault) {
    if (isRefusal(fault)) throw fault;
    throw refuse('trust.not-written', { place, why: codeOf(fault) }, fault);
  }
}

const codeOf = (fault: unknown): string =>
  typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : 'unknown trouble';

// Files named on the command line, read whole but never beyond a limit, and only regular ones: a pipe may never end. Anything that
// goes wrong on the way is an InputFault with a sentence; contents are hostile and are only handed on.
import { instantMs, readInstant } from '#lib/core/ids.ts';
import { withFile } from './file-source.ts';

/** A file that cannot be used at all: exit code 2. */
export class InputFault extends Error {}

/** The bytes of a regular file; of a larger one, the first `most` and one more, so that the reader's own limit speaks. */
export async function readInput(path: string, most: number): Promise<Uint8Array> {
  return reading(path, (source) => source.read(0, Math.min(source.size, most + 1)));
}

/** A moment as people give it (`2026-11-22T09:00:00Z`) in milliseconds, or the one to take where they gave none. Refuses any other spelling. */
export const readMoment = (given: string | undefined, otherwise: number): number =>
  given === undefined ? otherwise : instantMs(readInstant(given));

/** Refuses what is no readable regular file. */
export async function requireFile(path: string): Promise<void> {
  await reading(path, () => Promise.resolve(true));
}

async function reading<T>(path: string, work: Parameters<typeof withFile<T>>[1]): Promise<T> {
  try {
    const read = await withFile(path, work);
    if (read === null) throw new InputFault(`${path} is not a regular file.`);
    return read;
  } catch (fault) {
    throw fault instanceof InputFault ? fault : new InputFault(whyUnreadable(path, fault), { cause: fault });
  }
}

function whyUnreadable(path: string, fault: unknown): string {
  const code = typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : '';
  if (code === 'ENOENT') return `There is no file ${path}.`;
  if (code === 'EACCES' || code === 'EPERM') return `${path} may not be read.`;
  return `${path} cannot be read${code === '' ? '' : ` (${code})`}.`;
}

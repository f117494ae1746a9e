// What people chose or dropped, told apart by content before a byte is sent: distributions, signatures, keys. A private key is refused here.
// Trusts no name and no ending; reads only the head of large files. What it says is for wording and refusing: the server looks again.
import { refuse } from '#lib/core/errors.ts';
import { kindWords, recognise, type FileKind } from '#lib/pgp/recognise.ts';

export type RecognisedFile = {
  name: string;
  size: number;
  kind: FileKind;
  /** "a wheel", "a signature over requests-9.1.0.tar.gz" */
  words: string;
  /** Something that belongs in a release: a distribution, or a signature. */
  fits: boolean;
};

/** Keys and signatures are far smaller; a wheel is known by its first octets. */
const headBytes = 1024 * 1024;

async function kindOf(file: File): Promise<FileKind> {
  return recognise(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
}

/** Refuses `upload.private-key` if any of the files holds one, naming the first; nothing has been sent then. */
export async function requireNoPrivateKey(files: readonly File[]): Promise<void> {
  for (const file of files) {
    if ((await kindOf(file)) === 'private-key') throw refuse('upload.private-key', { name: file.name });
  }
}

/** Tells all files apart and pairs signatures with the files they are named after. Refuses `upload.private-key`. */
export async function recogniseFiles(files: readonly File[]): Promise<RecognisedFile[]> {
  await requireNoPrivateKey(files);
  const names = files.map((file) => file.name);
  return Promise.all(
    files.map(async (file) => ({
      name: file.name,
      size: file.size,
      ...describe(file.name, await kindOf(file), names),
    })),
  );
}

type Description = Pick<RecognisedFile, 'kind' | 'words' | 'fits'>;

function describe(name: string, kind: FileKind, names: readonly string[]): Description {
  if (kind === 'zip' && name.endsWith('.whl')) return { kind, words: 'a wheel', fits: true };
  if (kind === 'gzip' && name.endsWith('.tar.gz')) return { kind, words: 'a source distribution', fits: true };
  if (kind !== 'signature') return { kind, words: `${kindWords[kind]}, which is no part of a release`, fits: false };
  const signed = signedNameOf(name);
  if (signed !== null && names.includes(signed)) return { kind, words: `a signature over ${signed}`, fits: true };
  return { kind, words: 'a signature; the server finds out over which file', fits: true };
}

/** `NAME.asc`, `NAME.sig`, `NAME.gpg`, `NAME.pgp` → NAME; null for other names. */
export function signedNameOf(name: string): string | null {
  return /^(.+)\.(?:asc|sig|gpg|pgp)$/i.exec(name)?.[1] ?? null;
}

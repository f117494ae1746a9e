// Has the person's own tool make a detached signature over a statement: GnuPG (also with the key on a card), or Sequoia with the key in a file. The
// tool gets a copy of the very bytes that were checked, in a folder for this user alone. What comes back must be a detached signature and
// nothing else; whether it counts is for the index to say. No key and no passphrase passes through this program.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';

/** With GnuPG and one of these keys (`key`: the one the person named), or with Sequoia and the key in this file. */
export type SigningTool =
  | { tool: 'gpg'; key: string | undefined; keys: readonly { fingerprint: Fingerprint; signing: Fingerprint }[] }
  | { tool: 'sq'; keyFile: string };

/** The signature, armored. Refuses `sign.no-tool`, `sign.no-key`, `sign.tool-failed`, `sign.no-signature`. */
export async function makeSignature(bytes: Uint8Array, fileName: string, tool: SigningTool): Promise<Uint8Array> {
  const folder = await mkdtemp(path.join(tmpdir(), 'countersign-sign-'));
  try {
    const file = path.join(folder, fileName);
    await writeFile(file, bytes, { mode: 0o600 });
    const signature = await run(tool.tool, await argumentsFor(tool, file), 'inherit');
    return await requireSignature(signature, tool.tool);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function argumentsFor(tool: SigningTool, file: string): Promise<string[]> {
  if (tool.tool === 'sq') return ['sign', '--signer-key', tool.keyFile, '--detached', file];
  return ['--local-user', tool.key ?? (await findKey(tool.keys)), '--armor', '--detach-sign', '--output', '-', file];
}

/** The first of the keys whose private half this GnuPG has, or has on a card. `!`: that very subkey. */
async function findKey(keys: readonly { fingerprint: Fingerprint; signing: Fingerprint }[]): Promise<string> {
  for (const { fingerprint, signing } of keys) {
    const listed = await run('gpg', ['--batch', '--with-colons', '--list-secret-keys', fingerprint], 'ignore').catch(
      (fault: unknown) => {
        if (isRefusal(fault) && fault.code === 'sign.tool-failed') return null;
        throw fault;
      },
    );
    if (listed !== null) return `${signing}!`;
  }
  const named = keys.map(({ fingerprint }) => fingerprint).join(', ');
  throw refuse('sign.no-key', { keys: named === '' ? 'none of yours counts for this project' : named });
}

const outputBytesMax = 1024 ** 2;

/** What the tool writes to its standard output; its questions and words go to the terminal. */
async function run(tool: string, args: readonly string[], words: 'inherit' | 'ignore'): Promise<Uint8Array> {
  const child = spawn(tool, args, { stdio: ['inherit', 'pipe', words] });
  const parts: Uint8Array[] = [];
  let size = 0;
  child.stdout?.on('data', (part: Uint8Array) => {
    size += part.length;
    if (size <= outputBytesMax) parts.push(part);
    else child.kill();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) => reject(refuse('sign.no-tool', { tool }, cause)));
    child.on('close', resolve);
  });
  if (code !== 0 || size > outputBytesMax) throw refuse('sign.tool-failed', { tool, code: String(code ?? 'a signal') });
  return Buffer.concat(parts);
}

async function requireSignature(made: Uint8Array, tool: string): Promise<Uint8Array> {
  try {
    await readSignatures(made);
    return made;
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    throw refuse('sign.no-signature', { tool, why: cause.message }, cause);
  }
}

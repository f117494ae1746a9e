// The members of a .tar.gz, read in one pass and constant memory through gzip.ts (one member), tar-blocks.ts (one reading)
// and tar-stream. Nothing is written anywhere; only the few small members asked for are kept. Every byte is hostile.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { startLook, type Traits } from './content-traits.ts';
import { readGzip } from './gzip.ts';
import { watchTarBlocks } from './tar-blocks.ts';
import type { Allowance, ByteSource } from './source.ts';
import { startBudget } from './unpack-budget.ts';

export type TarMember = {
  /** As in the archive, without a trailing slash; not yet judged. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink' | 'hardlink';
  readonly target: string;
  readonly bytes: number;
  /** Permission bits. */
  readonly mode: number;
};
export type Tar = {
  readonly members: readonly TarMember[];
  readonly kept: ReadonlyMap<string, Uint8Array>;
  /** What stands out in the content of each file, by path. */
  readonly traits: ReadonlyMap<string, Traits>;
};

const kinds: Readonly<Record<string, TarMember['kind']>> = {
  file: 'file',
  directory: 'folder',
  symlink: 'symlink',
  link: 'hardlink',
};

/** Takes the content of one member as it comes; what it leaves is passed over. */
export type TakeContent = (content: AsyncIterable<Buffer>) => Promise<void>;

/** Reads the whole archive; keeps the content of the first file for which `isWanted(path)` holds, up to the size of metadata. */
export async function readTarGzip(
  source: ByteSource,
  allowance: Allowance,
  isWanted: (path: string) => boolean,
): Promise<Tar> {
  const kept = new Map<string, Uint8Array>();
  const traits = new Map<string, Traits>();
  const members = await walkTarGzip(source, allowance, ({ path, kind, bytes }) => {
    if (kind !== 'file') return null;
    const keep = kept.size === 0 && bytes <= allowance.limits.metadataBytesMax && isWanted(path);
    return async (content) => {
      const look = startLook(path);
      if (keep) kept.set(path, await wholeOf(content));
      else for await (const chunk of content) look.take(chunk);
      traits.set(path, look.end());
    };
  });
  return { members, kept, traits };
}

/** Reads the whole archive in its order; `takerOf` says for each member who takes its content, null: nobody. Throws `distribution.…`. */
export async function walkTarGzip(
  source: ByteSource,
  allowance: Allowance,
  takerOf: (member: TarMember) => TakeContent | null,
): Promise<TarMember[]> {
  const members: TarMember[] = [];
  const parser = extract();
  const collect = async (): Promise<void> => {
    for await (const entry of parser) {
      const member = readMember(entry.header);
      members.push(member);
      const take = takerOf(member);
      if (take) await take(entry as AsyncIterable<Buffer>);
      entry.resume();
    }
  };
  const content = watchTarBlocks(spendWhile(readGzip(source, allowance), source, allowance), allowance.limits);
  const outcomes = await Promise.allSettled([
    pipeline(Readable.from(content), parser as unknown as NodeJS.WritableStream),
    collect(),
  ]);
  throwFirstFault(outcomes);
  return members;
}

async function* spendWhile(
  chunks: AsyncIterable<Buffer>,
  source: ByteSource,
  allowance: Allowance,
): AsyncGenerator<Buffer> {
  const spend = startBudget(source.size, allowance.limits);
  for await (const chunk of chunks) {
    spend(chunk.length);
    yield chunk;
  }
}

function readMember(header: Header): TarMember {
  const isFolder = header.type === 'directory';
  const path = isFolder ? header.name.replace(/\/$/, '') : header.name;
  return {
    path,
    kind: kinds[header.type] ?? 'file',
    target: header.linkname ?? '',
    bytes: header.size,
    mode: (header.mode ?? 0) & 0o7777,
  };
}

/** What is known to be small, whole. */
export async function wholeOf(content: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** A refusal names the cause; stream errors that follow from it do not. */
function throwFirstFault(outcomes: readonly PromiseSettledResult<void>[]): void {
  const faults = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (faults.length === 0) return;
  throw faults.find(isRefusal) ?? refuse('distribution.bad-archive', { why: 'the tar archive is damaged' }, faults[0]);
}

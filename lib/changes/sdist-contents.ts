// The contents of an sdist, hashed in one pass in constant memory; texts are taken in a second one, which only what has changed needs.
import { createHash } from 'node:crypto';
import type { Allowance, ByteSource } from '#lib/python/source.ts';
import { walkTarGzip, wholeOf, type TarMember } from '#lib/python/tar-reader.ts';
import { digestOfTarget, entryPointsBytesMax, missing, type Content, type Distribution } from './contents.ts';

/** Throws `distribution.…`. */
export async function openSdist(source: ByteSource, allowance: Allowance): Promise<Distribution> {
  const contents: Content[] = [];
  const kept = new Map<string, Uint8Array>();
  await walkTarGzip(source, allowance, (member) => {
    if (member.kind === 'folder') return null;
    const path = belowTop(member.path);
    if (member.kind !== 'file') return (void contents.push(asLink(path, member)), null);
    const keep = isKept(path) && member.bytes <= allowance.limits.metadataBytesMax;
    return async (content) => {
      const hash = createHash('sha256');
      const chunks: Buffer[] = [];
      for await (const chunk of content) {
        hash.update(chunk);
        if (keep) chunks.push(chunk);
      }
      if (keep) kept.set(path, new Uint8Array(Buffer.concat(chunks)));
      contents.push({ path, bytes: member.bytes, sha256: hash.digest('hex'), target: null });
    };
  });
  const metadataBytes = kept.get('PKG-INFO');
  if (metadataBytes === undefined) throw missing('PKG-INFO');
  const entryPoints = [...kept].find(([path, { length }]) => path !== 'PKG-INFO' && length <= entryPointsBytesMax);
  return {
    ...{ kind: 'sdist', contents, metadataBytes, topLevel: [] },
    entryPoints: entryPoints?.[1] ?? null,
    read: (paths) => readTexts(source, allowance, paths),
  };
}

const isKept = (path: string): boolean => path === 'PKG-INFO' || path.endsWith('.egg-info/entry_points.txt');

const belowTop = (path: string): string => path.slice(path.indexOf('/') + 1);

const asLink = (path: string, { kind, target, bytes }: TarMember): Content => ({
  ...{ path, bytes, target },
  sha256: digestOfTarget(kind, target),
});

async function readTexts(
  source: ByteSource,
  allowance: Allowance,
  paths: ReadonlySet<string>,
): Promise<Map<string, Uint8Array>> {
  const texts = new Map<string, Uint8Array>();
  if (paths.size === 0) return texts;
  await walkTarGzip(source, allowance, ({ path: full, kind }) => {
    const path = belowTop(full);
    if (kind !== 'file' || !paths.has(path)) return null;
    return async (content) => void texts.set(path, await wholeOf(content));
  });
  return texts;
}

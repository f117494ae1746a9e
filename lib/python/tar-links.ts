// Links in sdists, by the rule of PEP 706's data filter that PEP 721 demands for sdists: a target is relative and stays inside the one
// top folder. Stricter where that costs nothing: no member lies behind a link, and no target leads through one, so the
// written path is always the real one.
import { refuse } from '#lib/core/errors.ts';
import { parentsOf } from './paths.ts';
import type { TarMember } from './tar-reader.ts';

/** Refuses links that leave `top`, links that lead through links, and members placed behind a link. */
export function requireSafeLinks(members: readonly TarMember[], top: string): void {
  const links = new Set(members.filter(({ kind }) => kind === 'symlink').map(({ path }) => path));
  const files = new Set(members.filter(({ kind }) => kind === 'file').map(({ path }) => path));
  for (const member of members) {
    const behind = parentsOf(member.path).find((parent) => links.has(parent));
    if (behind !== undefined) throw unsafe(member, `“${behind}” above it is a link`);
    if (member.kind === 'symlink') requireInside(member, resolve(member), top, links);
    if (member.kind === 'hardlink') requireEarlierFile(member, files);
  }
}

function unsafe({ path, target }: TarMember, why: string) {
  return refuse('distribution.unsafe-link', { path: path.slice(0, 120), target: target.slice(0, 120), why });
}

/** The path that a relative target means, from the folder of the link; refuses absolute and oddly written targets. */
function resolve(link: TarMember): string {
  const { target } = link;
  if (target === '' || target.startsWith('/') || /[\\:\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{FFFD}]/u.test(target))
    throw unsafe(link, 'the target is not a plain relative path');
  const parts = link.path.split('/').slice(0, -1);
  for (const part of target.replace(/\/$/, '').split('/')) {
    if (part === '..' && parts.length === 0) throw unsafe(link, 'the target leaves the archive');
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function requireInside(link: TarMember, resolved: string, top: string, links: ReadonlySet<string>): void {
  if (resolved !== top && !resolved.startsWith(`${top}/`))
    throw unsafe(link, 'the target leaves the folder of the sdist');
  // `a -> b/../../x` is inside by its letters and outside where `b` is a link: no link may be stepped through on the way.
  const folder = link.path.split('/').slice(0, -1);
  for (const part of link.target.split('/').slice(0, -1)) {
    if (part === '..') folder.pop();
    else if (part !== '.' && part !== '') folder.push(part);
    if (links.has(folder.join('/'))) throw unsafe(link, 'the target leads through another link');
  }
}

// A hard link names a member of the archive from its root (PEP 706); what is no plain file of it would be a file outside.
function requireEarlierFile(link: TarMember, files: ReadonlySet<string>): void {
  if (!files.has(link.target)) throw unsafe(link, 'a hard link must name a file of the archive');
}

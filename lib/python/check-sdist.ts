// What asks for a second look in an sdist: how it is built, and what does not belong to sources. Nothing here refuses.
import { isNative, type Entry } from './check-contents.ts';
import { found, type Finding } from './checks.ts';

/** `top`: the one folder. Never throws. */
export function checkSdist(entries: readonly Entry[], top: string): Finding[] {
  const links = entries.filter(({ kind }) => kind === 'symlink');
  const [link] = links;
  return [
    ...checkBuild(new Set(entries.map(({ path }) => path)), top),
    ...entries
      .filter(isNative)
      .map(({ path }) => found('sdist.compiled', path, 'Compiled code, where sources are expected.')),
    ...entries
      .filter(({ kind, path }) => kind === 'file' && path.endsWith('.pyc'))
      .map(({ path }) => found('archive.left-over', path, 'Compiled Python, left behind by a run.')),
    ...(link === undefined ? [] : [found('sdist.links', link.path, sayLinks(links.length))]),
  ];
}

const sayLinks = (count: number): string =>
  count === 1 ? 'One symbolic link; it stays inside.' : `${count} symbolic links, this one first; all stay inside.`;

function checkBuild(paths: ReadonlySet<string>, top: string): Finding[] {
  if (paths.has(`${top}/pyproject.toml`)) return [];
  return paths.has(`${top}/setup.py`)
    ? [
        found(
          'sdist.setup-py',
          `${top}/setup.py`,
          'Building runs it with whatever setuptools is there: there is no pyproject.toml.',
        ),
      ]
    : [found('sdist.no-build', top, 'There is neither pyproject.toml nor setup.py: nobody can build it.')];
}

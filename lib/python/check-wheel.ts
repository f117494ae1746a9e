// What asks for a second look in a wheel: what it puts where when it is installed, and whether that fits its name and tags (PEP 427). Nothing here refuses.
import { isNative, type Entry } from './check-contents.ts';
import { found, type Finding } from './checks.ts';
import { commandsOf, readEntryPoints } from './entry-points.ts';
import type { WheelName } from './file-name.ts';
import { isWellKnown } from './near-names.ts';
import { commonNames, knownCommands, standardModules } from './standard-names.ts';

export type WheelToCheck = {
  readonly name: WheelName;
  readonly entries: readonly Entry[];
  /** Path of the .dist-info folder. */
  readonly info: string;
  /** Bytes of entry_points.txt. */
  readonly entryPoints: Uint8Array | null;
};

/** A file of the wheel: `scheme` of the .data folder that it is in (null: none), and its place below that. */
type Placed = Entry & { readonly scheme: string | null; readonly place: string };

/** Looks at what is installed where. Never throws. */
export function checkWheel(wheel: WheelToCheck): Finding[] {
  const placed = wheel.entries.flatMap((entry) => (entry.kind === 'file' ? placeOf(entry, wheel.info) : []));
  const importable = placed.filter(({ scheme }) => scheme === null || scheme === 'purelib' || scheme === 'platlib');
  return [
    ...checkNames(wheel.name, importable),
    ...importable.flatMap(checkStart),
    ...checkPlatform(wheel.name, placed),
    ...checkBytecode(importable),
    ...placed.flatMap(checkPlace),
    ...placed.flatMap(checkExecutable),
    ...checkCommands(wheel, placed),
    ...wheel.entries.flatMap((entry) => checkInstalled(entry, wheel.info)),
    ...importable.flatMap(checkOtherMetadata),
  ];
}

const installersOwn = new Set(['INSTALLER', 'REQUESTED', 'direct_url.json']);

/** The record of an installation (PEP 376, 610): who installed it, whether somebody asked, from which address. */
function checkInstalled({ path }: Entry, info: string): Finding[] {
  if (!path.startsWith(`${info}/`) || !installersOwn.has(path.slice(info.length + 1))) return [];
  return [
    found('wheel.installed-by', path, 'Installers write this file: it says by whom or from where it was installed.'),
  ];
}

/** Python takes such a file or folder beside the modules for a project that is installed. */
function checkOtherMetadata({ path, place }: Placed): Finding[] {
  if (!/^[^/]+\.egg-info(?:$|\/PKG-INFO$)/i.test(place)) return [];
  return [found('wheel.installed-by', path, 'Python takes it for another project that is installed.')];
}

function placeOf(entry: Entry, info: string): Placed[] {
  if (entry.path.startsWith(`${info}/`)) return [];
  const [top = '', scheme = '', ...rest] = entry.path.split('/');
  if (top.endsWith('.data')) return [{ ...entry, scheme, place: rest.join('/') }];
  return [{ ...entry, scheme: null, place: entry.path }];
}

/** `demo/x.py` → `demo`; `demo.cpython-312-x86_64-linux-gnu.so` → `demo`. */
const topOf = (place: string): string =>
  place.includes('/') ? (place.split('/')[0] ?? '') : (place.split('.')[0] ?? '');

const isModule = (place: string): boolean => /\.(?:py|pyc|so|pyd)$/.test(place);

function checkNames({ project, fileName }: WheelName, importable: readonly Placed[]): Finding[] {
  const modules = importable.filter(({ place }) => isModule(place));
  const tops = [...new Set(modules.map(({ place }) => topOf(place)))].filter((top) => !startFiles.has(top));
  if (tops.length === 0)
    return [found('wheel.nothing-to-import', fileName, 'It holds no module that could be imported.')];
  const own = tops.filter((top) => isLike(top, project));
  const foreign = tops.filter((top) => !own.includes(top));
  return [
    ...foreign
      .filter((top) => commonNames.has(top))
      .map((top) =>
        found(
          'wheel.common-name',
          top,
          `It installs “${top}” for everybody: other projects do too, and the last one wins.`,
        ),
      ),
    ...tops
      .filter((top) => standardModules.has(top) && top !== project)
      .map((top) => found('wheel.standard-name', top, `“${top}” is a module of Python itself.`)),
    ...foreign
      .filter((top) => isWellKnown(normal(top)))
      .map((top) => found('wheel.standard-name', top, `“${top}” is what another, well-known project is called.`)),
    ...(own.length === 0
      ? [
          found(
            'wheel.other-names',
            tops.join(', '),
            `It installs ${tops
              .map((top) => `“${top}”`)
              .slice(0, 5)
              .join(', ')}, and nothing called like the project.`,
          ),
        ]
      : []),
  ];
}

const normal = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** One of the two holds the other, separators aside: `python-dateutil` and `dateutil`, `attrs` and `attr`. */
function isLike(top: string, project: string): boolean {
  const [name, whole] = [normal(top).replaceAll('-', ''), project.replaceAll('-', '')];
  return name.length > 1 && (whole.includes(name) || name.includes(whole));
}

const startFiles = new Set(['sitecustomize', 'usercustomize']);

function checkStart({ path, place }: Placed): Finding[] {
  if (place.includes('/')) return [];
  if (place.endsWith('.pth'))
    return [found('wheel.runs-at-start', path, 'What it says is read, and may be run, at every start of Python.')];
  if (startFiles.has(topOf(place)) && isModule(place))
    return [found('wheel.runs-at-start', path, 'Python runs it at every start.')];
  return [];
}

function checkPlatform({ fileName, tags }: WheelName, placed: readonly Placed[]): Finding[] {
  const native = placed.filter(isNative);
  const [first] = native;
  const isForAny = tags.some((tag) => tag.endsWith('-any'));
  if (isForAny && first)
    return native.map(({ path }) =>
      found('wheel.native-in-any', path, 'Compiled code, and the tags say that it runs on any platform.'),
    );
  if (!isForAny && !first && !placed.some(({ scheme }) => scheme === 'scripts'))
    return [found('wheel.nothing-native', fileName, 'The tags name a platform, and nothing in it is compiled.')];
  return native.flatMap(({ path }) => otherPython(path, tags));
}

/** `x.cpython-39-x86_64-linux-gnu.so` belongs to cp39; `x.cp39-win_amd64.pyd` too. */
function otherPython(path: string, tags: readonly string[]): Finding[] {
  const version = /\.(?:cpython-|cp)(\d{2,3})t?-[^/]*\.(?:so|pyd)$/.exec(path)?.[1];
  if (version === undefined || tags.some((tag) => tag.startsWith(`cp${version}-`))) return [];
  return [
    found(
      'wheel.other-python',
      path,
      `It is for CPython ${version[0]}.${version.slice(1)}, which the tags do not name.`,
    ),
  ];
}

function checkBytecode(importable: readonly Placed[]): Finding[] {
  const sources = new Set(importable.map(({ place }) => place).filter((place) => place.endsWith('.py')));
  return importable
    .filter(({ place }) => place.endsWith('.pyc'))
    .map(({ path, place }) =>
      sources.has(sourceOf(place))
        ? found('wheel.bytecode', path, 'Compiled Python beside its source.')
        : found('wheel.bytecode-only', path, 'Compiled Python without the source that it was made from.'),
    );
}

/** `a/__pycache__/b.cpython-312.pyc` → `a/b.py`; `a/b.pyc` → `a/b.py`. */
const sourceOf = (place: string): string =>
  /(?:^|\/)__pycache__\//.test(place)
    ? place.replace(/(^|\/)__pycache__\/([^./]+)\.[^/]*$/, '$1$2.py')
    : place.replace(/\.pyc$/, '.py');

function checkPlace({ path, scheme, place }: Placed): Finding[] {
  if (scheme === 'headers')
    return [found('wheel.outside-package', path, 'A header file, installed outside of the package.')];
  if (scheme !== 'data') return [];
  if (/^(?:bin|sbin|lib|lib64|libexec|include|etc|Scripts|Lib|Include|DLLs)\//.test(place))
    return [
      found(
        'wheel.over-environment',
        path,
        `It is installed as “${place}” in the environment, among what others put there.`,
      ),
    ];
  return [
    found('wheel.outside-package', path, `It is installed as “${place}” in the environment, outside of the package.`),
  ];
}

function checkExecutable(entry: Placed): Finding[] {
  const { path, scheme, place, mode } = entry;
  if ((mode & 0o111) === 0 || scheme === 'scripts' || isNative(entry) || /\.(?:py|sh)$/.test(place)) return [];
  return [found('wheel.executable', path, 'It may be executed, and is neither a script nor compiled code.')];
}

function checkCommands({ name: wheel, info, entryPoints }: WheelToCheck, placed: readonly Placed[]): Finding[] {
  const points = readEntryPoints(entryPoints);
  const place = `${info}/entry_points.txt`;
  const scripts = placed.filter(({ scheme }) => scheme === 'scripts').map(({ path, place: name }) => ({ path, name }));
  const commands = [...commandsOf(points).map((name) => ({ path: place, name })), ...scripts];
  return [
    ...points.odd.map((line) => found('wheel.entry-points', place, `“${line.slice(0, 120)}” is no entry point.`)),
    ...commands
      .filter(
        ({ name }) =>
          knownCommands.has(name.replace(/\.(?:exe|py)$/, '').toLowerCase()) && !isLike(name, wheel.project),
      )
      .map(({ path, name }) => found('wheel.command', path, `It installs a command “${name}”.`)),
  ];
}

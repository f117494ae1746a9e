// Builds what `npm start` runs: the browser workers, Next's pages, and one file each for the programs web (with its inspector), jobs,
// countersigner (with its judge) and cli in .build/. Builds only what changed since the last time: a stamp keeps the digest of everything that went in.
// `node scripts/build.mjs [programs]`: with `programs` alone, Next's pages are left out (tests of the tools need no pages).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { install } from './install.mjs';
import { must, root, tool } from './processes.mjs';

const at = (...parts) => path.join(root, ...parts);
const pageSources = [
  'app',
  'instrumentation-client.ts',
  'components',
  'lib',
  'public',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
];
const programSources = ['admin', 'cli', 'countersigner', 'jobs', 'lib', 'web'];
const always = ['package-lock.json', 'prisma/schema.prisma', 'scripts/build.mjs'];

function* filesIn(place) {
  if (!existsSync(at(place))) return;
  const entries = readdirSync(at(place), { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const file = path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name));
    if (entry.isFile() && !file.startsWith(path.join('lib', 'server', 'db', 'generated'))) yield file;
  }
}

const isFolder = (place) => existsSync(at(place)) && !/\.[a-z]+$/.test(place);

/** The digest of everything that goes into a build: names and bytes. */
export function digestOfSources(places) {
  const files = places.flatMap((place) =>
    isFolder(place) ? [...filesIn(place)] : existsSync(at(place)) ? [place] : [],
  );
  const hash = createHash('sha256');
  for (const file of files.sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update('\0');
  return hash.digest('hex');
}

async function unlessCurrent(name, places, outputs, work) {
  const stampFile = at('.build', `${name}-stamp`);
  const digest = digestOfSources([...always, ...places]);
  const current = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest;
  if (current && outputs.every((output) => existsSync(at(output)))) return false;
  await work();
  mkdirSync(at('.build'), { recursive: true });
  writeFileSync(stampFile, digest);
  return true;
}

/** Program → its entry. A room that is not there yet is left out. */
const programs = Object.entries({
  web: 'web/main.ts',
  inspector: 'lib/server/inspector/process.ts',
  jobs: 'jobs/main.ts',
  admin: 'admin/main.ts',
  countersigner: 'countersigner/main.ts',
  'countersigner-judge': 'countersigner/judges/process.ts',
  cli: 'cli/main.ts',
}).filter(([, entry]) => existsSync(at(entry)));

const outputsOf = [...programs.map(([name]) => `.build/${name}.mjs`), '.build/countersign.mjs'];

/** The programs, one file each; packages stay outside. */
export const buildPrograms = () =>
  unlessCurrent('programs', [...programSources, 'scripts/bundle.mjs'], outputsOf, async () => {
    const { bundlePrograms } = await import('./bundle.mjs');
    await bundlePrograms(Object.fromEntries(programs));
  });

/** The scripts that run in the maintainer's browser, and Next's pages. */
export const buildPages = () =>
  unlessCurrent('pages', [...pageSources, 'scripts/build-browser.mjs'], ['.next/BUILD_ID'], async () => {
    if (existsSync(at('scripts', 'build-browser.mjs')))
      await must([process.execPath, at('scripts', 'build-browser.mjs')], 'the browser scripts could not be built');
    console.log('Building the pages (once after each change, about a minute) …');
    await must([...tool('next/dist/bin/next'), 'build'], 'next build failed', {
      quiet: process.env['BUILD_OUTPUT'] !== '1',
      env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    });
  });

/** Everything that `npm start` needs. */
export async function build() {
  await buildPrograms();
  await buildPages();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await install();
  await (process.argv[2] === 'programs' ? buildPrograms() : build());
}

// Bundles our own TypeScript into one file per program with esbuild; npm packages stay outside, in node_modules. The client alone comes in parts,
// so that a command loads the packages that it uses and no others (0.1 s of every start);
// and once more whole, packages and all, as countersign.mjs: the file that is handed to others.
// A bundle moves code to another folder, so `import.meta.dirname` and `import.meta.url` are rewritten to what they were in the source.
import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './processes.mjs';

/** Keeps `import.meta.dirname` pointing at the source folder, relative to the bundle. */
const sourceFolders = {
  name: 'source-folders',
  setup(setup) {
    setup.onLoad({ filter: /\.tsx?$/ }, ({ path: file }) => {
      if (file.includes(`${path.sep}node_modules${path.sep}`)) return undefined;
      const text = readFileSync(file, 'utf8');
      const folder = path.relative(path.join(root, '.build'), path.dirname(file)).split(path.sep).join('/');
      const dirname = `__folderOf(${JSON.stringify(folder)})`;
      return {
        contents: text
          .replaceAll('import.meta.dirname', dirname)
          .replaceAll('import.meta.filename', `${dirname} + ${JSON.stringify(`/${path.basename(file)}`)}`),
        loader: file.endsWith('x') ? 'tsx' : 'ts',
      };
    });
  },
};

const banner = [
  "import { fileURLToPath as __toPath } from 'node:url';",
  'const __folderOf = (relative) => __toPath(new URL(relative, import.meta.url));',
].join('\n');

/** Options that tests share, so that what they look at is what runs. */
export const bundleOptions = (entries, outdir) => ({
  entryPoints: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, `./${file}`])),
  outdir,
  absWorkingDir: root,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  metafile: true,
  logLevel: 'error',
  banner: { js: banner },
  plugins: [sourceFolders],
});

// tuf-js brings a fetcher of its own, with 1.4 MB of packages behind it; ours is given to it instead (cli/index/tuf.ts).
const withoutFetcher = {
  name: 'without-fetcher',
  setup(setup) {
    setup.onResolve({ filter: /^make-fetch-happen$/ }, () => ({ path: 'make-fetch-happen', namespace: 'left-out' }));
    setup.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: "module.exports = () => Promise.reject(new Error('left out of this program'));",
    }));
  },
};

/** The client for people who have nothing of ours: one file with its packages in it, for any Node from 20 on. */
export const clientOptions = (outdir) => {
  const { packages: _, ...options } = bundleOptions({ countersign: 'cli/main.ts' }, outdir);
  const requires = [
    "import { createRequire as __createRequire } from 'node:module';",
    'const require = __createRequire(import.meta.url);',
  ];
  return {
    ...options,
    sourcemap: false,
    legalComments: 'eof',
    banner: { js: ['#!/usr/bin/env node', banner, ...requires].join('\n') },
    plugins: [sourceFolders, withoutFetcher],
  };
};

/** `entries`: program → entry file. Writes .build/PROGRAM.mjs, .build/part-….mjs for the commands of `cli`, and .build/countersign.mjs. */
export async function bundlePrograms({ cli, ...entries }, outdir = '.build') {
  await build(bundleOptions(entries, outdir));
  for (const file of await readdir(path.join(root, outdir)))
    if (/^part-.*\.mjs(?:\.map)?$/.test(file)) await rm(path.join(root, outdir, file));
  await build({ ...bundleOptions({ cli }, outdir), splitting: true, chunkNames: 'part-[hash]' });
  await build(clientOptions(outdir));
}

// Bundles our own TypeScript into one file per program with esbuild; npm packages stay outside, in node_modules. The client alone comes in parts,
// so that a command loads the packages that it uses and no others (0.1 s of every start).
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

/** `entries`: program → entry file. Writes .build/PROGRAM.mjs, and .build/part-….mjs for the commands of `cli`. */
export async function bundlePrograms({ cli, ...entries }, outdir = '.build') {
  await build(bundleOptions(entries, outdir));
  for (const file of await readdir(path.join(root, outdir)))
    if (/^part-.*\.mjs(?:\.map)?$/.test(file)) await rm(path.join(root, outdir, file));
  await build({ ...bundleOptions({ cli }, outdir), splitting: true, chunkNames: 'part-[hash]' });
}

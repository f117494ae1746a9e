// Builds the scripts that touch keys, apart from Next: each one self-contained file, served under /assets/ with its own policy (no network).
// Plain JavaScript, so that the start command can call it before anything is compiled. Trusts the checked-out sources.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Script under /assets/ → its source. */
const scripts = {
  'hash-worker': 'lib/browser/hash-worker.ts',
  'sign-worker': 'lib/browser/sign-worker.ts',
  'open-challenge-worker': 'lib/browser/open-challenge-worker.ts',
  'read-key-worker': 'lib/browser/read-key-worker.ts',
  'make-key-worker': 'lib/browser/make-key-worker.ts',
  'revoke-worker': 'lib/browser/revoke-worker.ts',
};

// They carry the sentences that they can say and no others: about signing and keys (lib/core/refusals-in-workers.ts).
const refusalsInWorkers = {
  name: 'refusals-in-workers',
  setup(setup) {
    setup.onResolve({ filter: /\/every-refusal\.ts$/ }, () => ({
      path: join(root, 'lib/core/refusals-in-workers.ts'),
    }));
  },
};

/** What they are built with; a test looks at what went into them. */
export const browserOptions = {
  absWorkingDir: root,
  entryPoints: Object.entries(scripts).map(([out, input]) => ({ in: input, out })),
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: ['chrome111', 'firefox113', 'safari16.4'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [refusalsInWorkers],
};

/** Writes each of them as `NAME.js` into `outDir`, and `SHA256SUMS` over them (the same sources give the same bytes); rejects with esbuild's messages if a source does not build. */
export async function buildBrowser({ outDir = join(root, '.build/browser') } = {}) {
  const { build } = await import('esbuild');
  await build({ ...browserOptions, outdir: outDir });
  writeFileSync(join(outDir, 'SHA256SUMS'), sumsOf(outDir));
  return outDir;
}

/** What is published at /assets/SHA256SUMS, in the form that `sha256sum -c` reads. */
function sumsOf(folder) {
  const names = Object.keys(scripts).map((name) => `${name}.js`);
  const line = (name) =>
    `${createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')}  ${name}\n`;
  return names.sort().map(line).join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBrowser();

// Builds the scripts that touch keys, apart from Next: each one self-contained file, served under /assets/ with its own policy (no network).
// Plain JavaScript, so that the start command can call it before anything is compiled. Trusts the checked-out sources.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Script under /assets/ → its source. */
const scripts = {
  'sign-worker': 'lib/browser/sign-worker.ts',
  'open-challenge-worker': 'lib/browser/open-challenge-worker.ts',
  'read-key-worker': 'lib/browser/read-key-worker.ts',
  'make-key-worker': 'lib/browser/make-key-worker.ts',
};

/** Writes each of them as `NAME.js` into `outDir`; rejects with esbuild's messages if a source does not build. */
export async function buildBrowser({ outDir = join(root, '.build/browser') } = {}) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries(scripts).map(([out, input]) => ({ in: input, out })),
    outdir: outDir,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome111', 'firefox113', 'safari16.4'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outDir;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBrowser();

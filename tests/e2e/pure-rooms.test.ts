// The rules run in the maintainer's browser too. Every test file of the pure rooms that needs nothing of Node runs here a second time, in
// Chromium, from the same source: the verdict must not depend on where it is reached.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { openBrowser } from '../../scripts/demo/chromium.ts';

const stub = path.resolve('tests/support/in-page.ts');
const rooms = ['core', 'simple'];
const files = rooms.flatMap((room) =>
  readdirSync(path.join('tests', room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.resolve('tests', room, name)),
);

/** The test file as one script; null where it needs Node. */
async function bundle(file: string): Promise<string | null> {
  const contents = `import ${JSON.stringify(file)};\nimport { runAll } from 'vitest';\nglobalThis.outcome = runAll();\n`;
  const built = await build({
    stdin: { contents, resolveDir: path.resolve('.'), loader: 'ts' },
    ...{ bundle: true, write: false, format: 'iife', platform: 'browser', target: 'chrome111' },
    ...{ alias: { vitest: stub }, define: { 'process.env.NODE_ENV': '"test"' }, logLevel: 'silent' },
  }).catch(() => null);
  return built?.outputFiles[0]?.text ?? null;
}

it('the tests of the pure rooms hold in Chromium as they do in Node', async () => {
  const browsing = await openBrowser('about:blank');
  try {
    let passed = 0;
    for (const file of files) {
      const script = await bundle(file);
      if (script === null) continue;
      await browsing.page.goto('about:blank');
      await browsing.page.addScriptTag({ content: script });
      const outcome = await browsing.page.evaluate(
        () => (globalThis as unknown as { outcome: Promise<{ passed: number; failed: string[] }> }).outcome,
      );
      expect(outcome.failed, path.basename(file)).toEqual([]);
      passed += outcome.passed;
    }
    expect(passed).toBeGreaterThan(150);
  } finally {
    await browsing.close();
  }
});

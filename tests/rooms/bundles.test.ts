// What the built programs carry. The countersigner holds the index key and the client is trusted by its user: neither may bring the
// database, the web framework or React along, whatever some file imports by mistake.
import { build, type BuildOptions } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundleOptions } from '../../scripts/bundle.mjs';

const unwanted = /^(?:@prisma\/|prisma|next(?:\/|$)|next-auth|react(?:-dom)?(?:\/|$)|pg$|@electric-sql\/|nodemailer)/;
const programs = ['cli/main.ts', 'countersigner/main.ts'];

const namesIn = async (entry: string): Promise<{ inputs: string[]; outside: string[] }> => {
  const { metafile } = await build({
    ...(bundleOptions({ program: entry }, '.build/rooms') as BuildOptions),
    write: false,
  });
  const parts = metafile?.inputs ?? {};
  const outside = Object.values(parts).flatMap((input) =>
    input.imports.filter((one) => one.external).map((one) => one.path),
  );
  return { inputs: Object.keys(parts), outside };
};

describe('the bundle of', () => {
  it.each(programs)('%s contains neither Prisma, Next nor React, and nothing of the server', async (entry) => {
    const { inputs, outside } = await namesIn(entry);
    expect(inputs).toContain(entry);
    expect(inputs.filter((file) => /^(?:lib\/(?:server|next|browser)|app|components|web|jobs)\//.test(file))).toEqual(
      [],
    );
    expect(outside.filter((name) => unwanted.test(name))).toEqual([]);
  });

  it('the inspector, which opens hostile archives, contains of the server only its own turns', async () => {
    const { inputs, outside } = await namesIn('lib/server/inspector/process.ts');
    expect(inputs.filter((file) => file.startsWith('lib/server/')).sort()).toEqual([
      'lib/server/inspector/process.ts',
      'lib/server/inspector/turns.ts',
    ]);
    expect(outside.filter((name) => unwanted.test(name) || name === 'openpgp')).toEqual([]);
  });
});

// What the built programs carry. The countersigner holds the index key and the client is trusted by its user: neither may bring the
// database, the web framework or React along, whatever some file imports by mistake.
import { build, type BuildOptions } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundleOptions } from '../../scripts/bundle.mjs';

const unwanted = /^(?:@prisma\/|prisma|next(?:\/|$)|next-auth|react(?:-dom)?(?:\/|$)|pg$|@electric-sql\/|nodemailer)/;
const programs = ['cli/main.ts', 'countersigner/main.ts'];

describe('the bundle of', () => {
  it.each(programs)('%s contains neither Prisma, Next nor React, and nothing of the server', async (entry) => {
    const options = bundleOptions({ program: entry }, '.build/rooms') as BuildOptions;
    const { metafile } = await build({ ...options, write: false });
    const parts = metafile?.inputs ?? {};
    const inputs = Object.keys(parts);
    const outside = Object.values(parts).flatMap((input) =>
      input.imports.filter((one) => one.external).map((one) => one.path),
    );
    expect(inputs).toContain(entry);
    expect(inputs.filter((file) => /^(?:lib\/(?:server|next|browser)|app|components|web|jobs)\//.test(file))).toEqual(
      [],
    );
    expect(outside.filter((name) => unwanted.test(name))).toEqual([]);
  });
});

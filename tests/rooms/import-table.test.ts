// The import table is held by the linter: for each room one import that its table allows and one that it refuses. A room that is
// added without a row here fails the first test.
import { ESLint, type Linter } from 'eslint';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rooms } from '../../eslint.rooms.js';

type Row = { file: string; good: string; bad: string[] };

const anywhereBad = ['../core/ids.ts', 'left-pad', '#lib/browser/../server/change.ts'];

const table: Record<string, Row> = {
  'lib/core': { file: 'lib/core/x.ts', good: './ids.ts', bad: ['node:fs', 'openpgp', '#lib/python/names.ts'] },
  'lib/python': { file: 'lib/python/x.ts', good: 'yauzl', bad: ['node:fs', 'node:net', '#lib/pgp/digest.ts'] },
  'lib/changes': {
    file: 'lib/changes/x.ts',
    good: 'diff',
    bad: ['node:fs', '#lib/server/change.ts', '#lib/pgp/armor.ts'],
  },
  'lib/pgp': { file: 'lib/pgp/x.ts', good: 'openpgp', bad: ['node:crypto', '#lib/server/change.ts', 'openpgp-evil'] },
  'lib/digest': { file: 'lib/digest/x.ts', good: 'node:worker_threads', bad: ['node:net', 'openpgp'] },
  'lib/child': {
    file: 'lib/child/x.ts',
    good: 'node:child_process',
    bad: ['node:net', '#lib/python/names.ts', '#lib/server/change.ts'],
  },
  'lib/simple': { file: 'lib/simple/x.ts', good: '#lib/python/names.ts', bad: ['node:fs', '#lib/pgp/armor.ts'] },
  'lib/evidence': {
    file: 'lib/evidence/x.ts',
    good: '#lib/pgp/armor.ts',
    bad: ['#lib/server/change.ts', '@prisma/client'],
  },
  'lib/words': { file: 'lib/words/x.ts', good: '@scure/bip39', bad: ['node:fs', '#lib/pgp/armor.ts', 'react'] },
  'lib/browser': {
    file: 'lib/browser/x.ts',
    good: '#lib/pgp/armor.ts',
    bad: ['#lib/server/change.ts', 'node:fs', 'next'],
  },
  'lib/server': {
    file: 'lib/server/x.ts',
    good: 'node:fs',
    bad: ['next', 'react', '#lib/next/action.ts', '#lib/browser/sign.ts', '@prisma/client'],
  },
  'lib/server/db': { file: 'lib/server/db/x.ts', good: '@prisma/client/runtime', bad: ['next', '#lib/pgp/armor.ts'] },
  'lib/next': { file: 'lib/next/x.ts', good: 'server-only', bad: ['#lib/pgp/armor.ts', '@prisma/client', 'openpgp'] },
  components: {
    file: 'components/draft/x.tsx',
    good: '#lib/core/verdict.ts',
    bad: ['#lib/server/runtime.ts', '#lib/next/action.ts', '#lib/browser/sign.ts'],
  },
  'components (client)': {
    file: 'components/draft/x.client.tsx',
    good: '#lib/browser/sign.ts',
    bad: ['#lib/server/runtime.ts', 'openpgp'],
  },
  app: {
    file: 'app/x/page.tsx',
    good: '#lib/server/queries/home.ts',
    bad: ['#lib/server/db/client.ts', '@prisma/client', '#lib/pgp/armor.ts'],
  },
  cli: { file: 'cli/x.ts', good: 'commander', bad: ['#lib/server/runtime.ts', 'next', '@prisma/client'] },
  countersigner: {
    file: 'countersigner/x.ts',
    good: '#lib/evidence/bundle.ts',
    bad: ['#lib/server/runtime.ts', 'next', 'pg'],
  },
  admin: { file: 'admin/x.ts', good: '#lib/server/config.ts', bad: ['#lib/next/action.ts', 'next', 'pg'] },
  jobs: { file: 'jobs/x.ts', good: '#lib/server/change.ts', bad: ['#lib/next/action.ts', 'next', '#lib/pgp/armor.ts'] },
  web: { file: 'web/x.ts', good: 'next', bad: ['#lib/next/action.ts', '#lib/pgp/armor.ts', 'openpgp'] },
};

const importRules = ['no-restricted-imports', 'no-restricted-syntax'];

// The invented files are in no TypeScript project: rules that need types are left out here.
const untyped: Linter.Config = {
  files: ['**/*.{ts,tsx}'],
  languageOptions: { parserOptions: { projectService: false } },
  rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/switch-exhaustiveness-check': 'off' },
};

const eslint = new ESLint({ cwd: path.resolve('.'), overrideConfig: [untyped] });

async function complaints(file: string, text: string): Promise<string[]> {
  const directive = file.endsWith('.client.tsx') ? "'use client';\n" : '';
  const [report] = await eslint.lintText(directive + text, { filePath: path.resolve(file) });
  return (report?.messages ?? []).filter((m) => m.fatal || importRules.includes(m.ruleId ?? '')).map((m) => m.message);
}

describe('the import table', () => {
  it('has a row here for every room', () => {
    expect(Object.keys(table).sort()).toEqual(rooms.map((room) => room.name).sort());
  });

  it.each(Object.entries(table))('%s takes what its row allows and refuses everything else', async (_, row) => {
    expect(await complaints(row.file, `import { thing } from '${row.good}';\nthing();\n`)).toEqual([]);
    for (const bad of [...row.bad, ...anywhereBad]) {
      expect(await complaints(row.file, `import { thing } from '${bad}';\nthing();\n`), bad).toHaveLength(1);
      expect(await complaints(row.file, `export const thing = () => import('${bad}');\n`), bad).toHaveLength(1);
    }
  });

  it('refuses a barrel, a default export and an enum in a room', async () => {
    expect(await complaints('lib/core/x.ts', "export { a } from './a.ts';\n")).toHaveLength(1);
    expect(await complaints('lib/core/x.ts', "export * from './a.ts';\n")).toHaveLength(1);
    expect(await complaints('lib/core/x.ts', 'export default 1;\n')).toHaveLength(1);
    expect(await complaints('lib/core/x.ts', 'export enum A { B }\n')).toHaveLength(1);
  });

  it("refuses 'use client' outside NAME.client.tsx, and a NAME.client.tsx without it", async () => {
    expect(await complaints('components/x.tsx', "'use client';\nexport const a = 1;\n")).toHaveLength(1);
    const [report] = await eslint.lintText('export const a = 1;\n', {
      filePath: path.resolve('components/x.client.tsx'),
    });
    expect(report?.messages.map((m) => m.ruleId)).toContain('no-restricted-syntax');
  });

  it('cannot be switched off by a comment', async () => {
    const text = "/* eslint-disable */\nimport { readFileSync } from 'node:fs';\nreadFileSync('x');\n";
    expect(await complaints('lib/core/x.ts', text)).toHaveLength(1);
  });
});

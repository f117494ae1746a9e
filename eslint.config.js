// What the linter holds: the import table (eslint.rooms.js), the size of files and functions, and the habits of CONTRIBUTING.md.
// Comments cannot switch a rule off.
import tseslint from 'typescript-eslint';
import { refusedBy, rooms } from './eslint.rooms.js';

const refused = {
  barrel: {
    selector: 'ExportAllDeclaration, ExportNamedDeclaration[source]',
    message: 'No barrels: import a thing from the file that makes it.',
  },
  defaultExport: {
    selector: 'ExportDefaultDeclaration',
    message: 'Named exports only, except where Next demands a default.',
  },
  markup: {
    selector: "JSXAttribute[name.name='dangerouslySetInnerHTML'], Property[key.name='dangerouslySetInnerHTML']",
    message: 'Text from people is shown as text, never as markup.',
  },
  enums: {
    selector: 'TSEnumDeclaration, TSModuleDeclaration[global!=true], TSParameterProperty',
    message: 'Erasable TypeScript only.',
  },
  clientDirective: {
    selector: "ExpressionStatement[directive='use client']",
    message: 'Client components are named NAME.client.tsx.',
  },
  noClientDirective: {
    selector: "Program:not(:has(> ExpressionStatement[directive='use client']))",
    message: "A .client.tsx file starts with 'use client'.",
  },
};

// `no-restricted-imports` sees declarations; `import()` and `import('…')` types are held by the same expression.
function holdRoom({ name, files, ignores = [], allowed }) {
  const regex = refusedBy(allowed);
  const literal = `/${regex.replaceAll('/', '\\u002f')}/`;
  const message = `${name} may not import this (eslint.rooms.js).`;
  const dynamic = {
    selector: `ImportExpression > Literal[value=${literal}], TSImportType Literal[value=${literal}]`,
    message,
  };
  const isClient = files.some((file) => file.includes('.client.'));
  const mayDefault = name === 'app';
  const syntax = [
    dynamic,
    ...(mayDefault ? [] : [refused.defaultExport]),
    ...(isClient ? [refused.noClientDirective] : [refused.clientDirective]),
    refused.barrel,
    refused.markup,
    refused.enums,
  ];
  return {
    files,
    ignores,
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex, message }] }],
      'no-restricted-syntax': ['error', ...syntax],
    },
  };
}

// Next re-exports an auth handler under two names and wants its error pages to be client components themselves.
const nextDemands = {
  files: ['app/**/error.tsx', 'app/**/global-error.tsx', 'app/**/*.client.{ts,tsx}'],
  rules: { 'no-restricted-syntax': ['error', refused.noClientDirective, refused.barrel, refused.markup] },
};

const sizes = {
  'max-lines': ['error', 300],
  'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
  complexity: ['error', 10],
};

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      '.next/',
      '.build/',
      'data/',
      'public/',
      'next-env.d.ts',
      'lib/server/db/generated/',
      'tests/vectors/',
      'test-results/',
    ],
  },
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    extends: [tseslint.configs.base],
    rules: { ...sizes, eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
    },
  },
  {
    files: ['{app,cli,components,countersigner,jobs,lib,web}/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  ...rooms.map(holdRoom),
  nextDemands,
  { files: ['{cli,countersigner,jobs,lib,web}/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['tests/**/*.{ts,tsx}'],
    rules: {
      // A table or a story may be long; what it tests may not.
      'max-lines': ['error', 500],
      'max-lines-per-function': 'off',
      'no-restricted-syntax': [
        'error',
        refused.barrel,
        {
          selector:
            'CallExpression[callee.property.name=/^(only|skip|todo)$/][callee.object.name=/^(it|test|describe)$/]',
          message: 'No skipped and no lonely tests.',
        },
      ],
    },
  },
  { files: ['scripts/**/*.{mjs,ts}', '*.config.{ts,js,mjs}'], rules: { 'max-lines-per-function': ['error', 80] } },
);

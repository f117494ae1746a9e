// The import table of docs/architecture.md as data: room → what its files may import. Everything else is refused, so a new
// package or a new direction is a decision that shows here. tests/rooms/ proves that each room refuses.

const own = String.raw`\./`;
const lib = (...rooms) => rooms.map((room) => `#lib/${room}/`);
const node = 'node:';
const pureRooms = lib('core', 'python', 'pgp', 'simple', 'evidence');

// A trailing slash or colon means "starts with"; anything else is one exact name (with its sub-paths for packages).
const exact = (name) => `${name}(?:/|$)`;
const pattern = (allowed) => (/^[.\\]/.test(allowed) || /[/:]$/.test(allowed) ? allowed : exact(allowed));

/** One regular expression that matches every import which the list does not allow, or that climbs (`..`) from one it does. */
export const refusedBy = (allowed) => `^(?:.*/\\.\\.(?:/|$)|(?!(?:${[own, ...allowed].map(pattern).join('|')})))`;

/** name → files, what they may import besides `./`, and files of the room that another entry rules. */
export const rooms = [
  { name: 'lib/core', files: ['lib/core/**/*.ts'], allowed: [] },
  {
    name: 'lib/python',
    files: ['lib/python/**/*.ts'],
    allowed: [
      ...lib('core'),
      'yauzl',
      'fflate',
      'tar-stream',
      '@renovatebot/pep440',
      'node:crypto',
      'node:events',
      'node:stream',
      'node:zlib',
    ],
  },
  {
    name: 'lib/changes',
    files: ['lib/changes/**/*.ts'],
    allowed: [...lib('core', 'python'), 'diff', 'node:crypto'],
  },
  { name: 'lib/pgp', files: ['lib/pgp/**/*.ts'], allowed: [...lib('core'), 'openpgp'] },
  {
    name: 'lib/digest',
    files: ['lib/digest/**/*.ts'],
    allowed: [...lib('core'), 'node:crypto', 'node:worker_threads', 'node:fs', 'node:stream', 'node:url', 'node:path'],
  },
  {
    name: 'lib/child',
    files: ['lib/child/**/*.ts'],
    allowed: [...lib('core'), 'node:child_process', 'node:fs', 'node:os', 'node:path'],
  },
  { name: 'lib/simple', files: ['lib/simple/**/*.ts'], allowed: lib('core', 'python') },
  {
    name: 'lib/evidence',
    files: ['lib/evidence/**/*.ts'],
    allowed: [...lib('core', 'python', 'pgp', 'simple'), 'fflate'],
  },
  { name: 'lib/words', files: ['lib/words/**/*.ts'], allowed: [...lib('core'), '@scure/bip39'] },
  {
    name: 'lib/browser',
    files: ['lib/browser/**/*.ts'],
    allowed: [...lib('core', 'pgp'), 'hash-wasm', 'tus-js-client'],
  },
  {
    name: 'lib/server',
    files: ['lib/server/**/*.ts'],
    ignores: ['lib/server/db/**'],
    allowed: [
      ...pureRooms,
      ...lib('changes', 'digest', 'child', 'words', 'server'),
      node,
      'nodemailer',
      'busboy',
      'zod',
      'pino',
      'prom-client',
      'rate-limiter-flexible',
      '@simplewebauthn/server',
      'aws4fetch',
    ],
  },
  {
    name: 'lib/server/db',
    files: ['lib/server/db/**/*.ts'],
    allowed: [
      ...lib('core', 'server'),
      node,
      '@prisma/client',
      '@prisma/adapter-pg',
      'pglite-prisma-adapter',
      '@electric-sql/pglite',
      'pg',
      'zod',
    ],
  },
  {
    name: 'lib/next',
    files: ['lib/next/**/*.{ts,tsx}'],
    allowed: [...lib('core', 'server', 'next'), 'next', 'next-auth', 'react', 'server-only', 'zod', node],
  },
  {
    name: 'components',
    files: ['components/**/*.{ts,tsx}'],
    ignores: ['**/*.client.{ts,tsx}'],
    allowed: [
      ...lib('core', 'words'),
      '#components/',
      'react',
      'next',
      'qrcode',
      'react-markdown',
      'remark-gfm',
      'rehype-sanitize',
    ],
  },
  {
    name: 'components (client)',
    files: ['components/**/*.client.{ts,tsx}'],
    allowed: [...lib('core', 'browser'), '#components/', 'react', 'react-dom', 'next', '@simplewebauthn/browser'],
  },
  {
    name: 'app',
    files: ['app/**/*.{ts,tsx}'],
    allowed: [
      ...lib('core', 'next', 'server/commands', 'server/queries'),
      '#components/',
      'react',
      'next',
      'next-auth',
      '@fontsource-variable/source-sans-3',
      '@fontsource/ibm-plex-mono',
    ],
  },
  {
    name: 'cli',
    files: ['cli/**/*.ts'],
    allowed: [...pureRooms, ...lib('digest'), '#cli/', node, 'commander', 'tuf-js', '@tufjs/models'],
  },
  {
    name: 'countersigner',
    files: ['countersigner/**/*.ts'],
    allowed: [
      ...pureRooms,
      ...lib('digest', 'child'),
      '#countersigner/',
      node,
      'zod',
      'commander',
      'pino',
      '@tufjs/models',
    ],
  },
  { name: 'admin', files: ['admin/**/*.ts'], allowed: [...lib('core', 'server'), node] },
  { name: 'jobs', files: ['jobs/**/*.ts'], allowed: [...lib('core', 'server'), node] },
  {
    name: 'web',
    files: ['web/**/*.ts'],
    allowed: [...lib('core', 'server'), '#jobs/', '#web/', node, 'next', 'busboy'],
  },
];

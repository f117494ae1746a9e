// How Next builds and serves the pages. It sits behind web/main.ts, which does everything that is not a page.
// Refuses nothing by itself: security headers are web/headers.ts, so that there is one place for them.

import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  // Pages are gzipped by Next; index pages never come here.
  compress: true,
  reactStrictMode: true,
  // A page's title stands in its head from the first byte, for every reader: Next would stream it behind the text.
  htmlLimitedBots: /.*/,
  // Packages with native parts, WASM or module state that must exist once in the process.
  serverExternalPackages: [
    '@electric-sql/pglite',
    'pglite-prisma-adapter',
    '@prisma/client',
    '@prisma/adapter-pg',
    'pg',
    'openpgp',
    'nodemailer',
    'pino',
    'busboy',
    'yauzl',
    'tar-stream',
  ],
  // Types are checked by `npm run check`, for the whole repository at once; a build at first start stays short.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: import.meta.dirname },
};

export default config;

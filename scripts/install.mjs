// Brings node_modules to what package-lock.json says, and makes the database client from the schema. Does nothing where both
// are current already. Runs on a machine with Node and npm alone. Downloads packages and nothing else: install scripts are off.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { must, root, run, tool } from './processes.mjs';

const at = (...parts) => path.join(root, ...parts);

/** Refuses a Node that is too old, with one sentence. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(
    `Countersign needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node and try again.`,
  );
}

// npm writes what it installed into node_modules/.package-lock.json. Every package of our lock file must stand there in its
// version, but for optional ones of other platforms. (Comparing times would lie after a fresh checkout.)
function isInstalled() {
  if (!existsSync(at('node_modules', '.package-lock.json'))) return false;
  const wanted = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(at('node_modules', '.package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([place, entry]) => place === '' || entry.optional === true || present[place]?.version === entry.version,
  );
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

async function installPackages() {
  for (const attempt of [1, 2, 3]) {
    console.log(attempt === 1 ? 'Installing packages …' : `Installing packages, attempt ${attempt} of 3 …`);
    if ((await run([npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'])) === 0) return;
  }
  throw new Error(
    'npm could not install the packages. Its own words stand above; try again when the registry answers.',
  );
}

async function generateDatabaseClient() {
  const schema = readFileSync(at('prisma', 'schema.prisma'));
  const version = readFileSync(at('node_modules', 'prisma', 'package.json'));
  const stamp = createHash('sha256').update(schema).update(version).digest('hex');
  const stampFile = at('.build', 'prisma-stamp');
  const generated = at('lib', 'server', 'db', 'generated', 'client.ts');
  if (existsSync(generated) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  console.log('Making the database client …');
  // Prisma only wants to know that an engine exists before it generates; nothing runs it (docs/decisions/002).
  await must([...tool('prisma/build/index.js'), 'generate'], 'prisma generate failed', {
    quiet: true,
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  });
  mkdirSync(at('.build'), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Packages and database client, current. Throws with a sentence where it cannot be done. */
export async function install() {
  requireNode();
  if (!isInstalled()) await installPackages();
  await generateDatabaseClient();
}

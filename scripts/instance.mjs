// One running instance: the web program (which owns the embedded database), the countersigner beside it, and jobs where the database is
// PostgreSQL. `npm start`, the demo and the end-to-end tests start it here. Holds no secret: the programs keep their own in the data
// folder. Signals only the processes that it started.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { outputOf, root, start } from './processes.mjs';

const bundle = (name) => path.join(root, '.build', `${name}.mjs`);

/** A port of the loopback interface that nobody listens on right now. */
export function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function requireFreePort(port) {
  await freePort(port).catch((fault) => {
    throw new Error(
      `Port ${port} of this machine is taken (${fault.code}). Stop what listens there, or set PORT to another one.`,
    );
  });
}

async function untilAnswering(address, web) {
  let ended = false;
  void web.ended.then(() => (ended = true));
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    if (ended) throw new Error('The web program ended before it answered; its own words stand above.');
    const answered = await fetch(`${address}/sign-in`, { method: 'HEAD', redirect: 'manual' }).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The web program did not answer at ${address} within a minute.`);
}

/** Makes the index key where there is none; answers its fingerprint. */
async function initialiseCountersigner(env) {
  const said = await outputOf([process.execPath, bundle('countersigner'), 'init'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const fingerprint = /\b(?:[0-9A-F]{64}|[0-9A-F]{40})\b/.exec(said ?? '')?.[0];
  if (fingerprint === undefined)
    throw new Error('The countersigner could not prepare its key; its own words stand above.');
  return fingerprint;
}

const readSecret = (dataFolder, name) => {
  const file = path.join(dataFolder, name);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
};

const program = (name, ...args) => [process.execPath, '--enable-source-maps', bundle(name), ...args];

function settingsOf({ dataFolder, port, env = {}, dev = false }) {
  const given = { ...process.env, ...env };
  const publicUrl = given.PUBLIC_URL || `http://localhost:${port}`;
  return {
    ...{ ...given, NODE_ENV: dev ? 'development' : 'production' },
    ...{ DATA_DIR: dataFolder, PORT: String(port), PUBLIC_URL: publicUrl },
    INDEX_NAME: given.INDEX_NAME || new URL(publicUrl).host,
    STATE_DIR: given.STATE_DIR || path.join(dataFolder, 'countersigner'),
    COUNTERSIGN_URL: `http://127.0.0.1:${port}`,
  };
}

/** The countersigner of an instance; its token is the one that the web program made, or the one of the settings. */
function startCountersigner(settings, stdio) {
  const token = settings.HANDOFF_TOKEN ?? readSecret(settings.DATA_DIR, 'handoff-token');
  return start(program('countersigner', 'run'), { env: { ...settings, HANDOFF_TOKEN: token }, stdio });
}

/**
 * Starts both programs and resolves once the web program answers. `stdio` is for both children. With `countersigner: false` that
 * one stays stopped until `startCountersigner()`.
 */
export async function startInstance(options) {
  const { dataFolder, port, stdio, dev = false, countersigner = true } = options;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  await requireFreePort(port);
  const settings = settingsOf(options);
  const web = start(program('web', ...(dev ? ['--dev'] : [])), { env: settings, stdio });
  const instance = {
    address: `http://127.0.0.1:${port}`,
    publicUrl: settings.PUBLIC_URL,
    dataFolder,
    fingerprint: '',
    mailboxPath: null,
    operatorPath: null,
    web,
    countersigner: null,
    startCountersigner: () => (instance.countersigner = startCountersigner(settings, stdio)),
    stopCountersigner: async () => instance.countersigner?.end(),
    jobs: null,
    end: async () => {
      await Promise.all([instance.stopCountersigner(), instance.jobs?.end()]);
      return web.end(12_000);
    },
  };
  try {
    // The web program asks for the index certificate when the first hand-back comes, not before: both can be made ready at once.
    const [fingerprint] = await Promise.all([initialiseCountersigner(settings), untilAnswering(instance.address, web)]);
    instance.fingerprint = fingerprint;
  } catch (fault) {
    await instance.end();
    throw fault;
  }
  // With the embedded database the jobs loop runs inside the web program, which owns the folder.
  if (settings.DATABASE_URL || settings.DATABASE_URL_FILE)
    instance.jobs = start(program('jobs'), { env: settings, stdio });
  if (countersigner) instance.startCountersigner();
  const mailbox = readSecret(dataFolder, 'mailbox-secret');
  if (mailbox !== null) instance.mailboxPath = `/mailbox/${mailbox}`;
  const operator = readSecret(dataFolder, 'operator-secret');
  if (operator !== null) instance.operatorPath = `/operator/${operator}`;
  return instance;
}

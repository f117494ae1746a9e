// One running instance: the web program (which owns the embedded database) and the countersigner beside it, as `npm start`, the demo
// and the end-to-end tests use it. If one of the two ends, the other is ended too. Holds no secret: the programs keep their own in
// the data folder. Signals only the two processes that it started.
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

/**
 * Starts both programs and resolves once the web program answers.
 * `stdio` is for both children. `countersigner: false` leaves it stopped; `startCountersigner()` starts it later.
 */
export async function startInstance({ dataFolder, port, env = {}, stdio, dev = false, countersigner = true }) {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  await requireFreePort(port);
  const settings = {
    ...process.env,
    NODE_ENV: dev ? 'development' : 'production',
    ...env,
    DATA_DIR: dataFolder,
    PORT: String(port),
  };
  const address = `http://127.0.0.1:${port}`;
  const fingerprint = await initialiseCountersigner(settings);
  const web = start([process.execPath, '--enable-source-maps', bundle('web'), ...(dev ? ['--dev'] : [])], {
    env: settings,
    stdio,
  });
  const running = { countersigner: null };

  function startCountersigner() {
    const token = settings.HANDOFF_TOKEN ?? readFileSync(path.join(dataFolder, 'handoff-token'), 'utf8').trim();
    running.countersigner = start([process.execPath, '--enable-source-maps', bundle('countersigner'), 'run'], {
      env: { ...settings, HANDOFF_URL: address, HANDOFF_TOKEN: token },
      stdio,
    });
    return running.countersigner.ended;
  }

  const end = async () => {
    await running.countersigner?.end();
    return web.end(12_000);
  };

  try {
    await untilAnswering(address, web);
  } catch (fault) {
    await end();
    throw fault;
  }
  if (countersigner) startCountersigner();
  const mailboxFile = path.join(dataFolder, 'mailbox-secret');
  const mailbox = existsSync(mailboxFile) ? readFileSync(mailboxFile, 'utf8').trim() : null;
  return {
    address,
    publicUrl: settings.PUBLIC_URL ?? `http://localhost:${port}`,
    mailboxPath: mailbox === null ? null : `/mailbox/${mailbox}`,
    fingerprint,
    web,
    get countersigner() {
      return running.countersigner;
    },
    startCountersigner,
    stopCountersigner: () => running.countersigner?.end(),
    end,
  };
}

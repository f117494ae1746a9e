// One owner for the embedded database: PGlite has no lock of its own, and two processes on one folder lose rows.
// The lock is a Unix socket in the data folder (a named pipe on Windows) that answers who holds it. The kernel closes it
// with the process, so it cannot lie after `kill -9`: a refused connection means stale.
// Protocol: listen under a name of one's own, then ask every other socket in the folder. Whoever listens before asking
// cannot be overlooked by another who does the same, so no two processes can both believe to be alone; a socket that
// refuses is dead (or not yet listening, and will then find us). A process that accepts and is silent is alive.
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { refuse } from '#lib/core/errors.ts';

export type Holder = { pid: number; startedAt: string; state: 'starting' | 'holding' };
export type Lock = { release(): Promise<void> };

const answerMs = 2000;
const triesMax = 250;
const socketPathBytesMax = 100; // sun_path is 108 bytes on Linux, 104 on macOS

type Place = { path(name: string): string; leave(): void };

/** How to name a socket in the folder shortly enough for the kernel. */
function openPlace(folder: string): Place {
  const longest = 'owner-4194304-00000000.sock';
  const relative = path.relative(process.cwd(), folder);
  const nothing = (): void => undefined;
  for (const base of [folder, relative]) {
    if (Buffer.byteLength(path.join(base, longest)) <= socketPathBytesMax)
      return { path: (name) => path.join(base, name), leave: nothing };
  }
  if (process.platform !== 'linux') throw refuse('database.folder-path-too-long', { folder });
  const descriptor = openSync(folder, 'r');
  return { path: (name) => `/proc/self/fd/${descriptor}/${name}`, leave: () => closeSync(descriptor) };
}

/** What is behind a socket: a holder, `silent` (alive, says nothing), `closing` (ask again) or null (nobody: stale). */
type Answer = Holder | 'silent' | 'closing' | null;

function ask(address: string): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = createConnection(address);
    let said = '';
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end('silent'), answerMs);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (said += text));
    socket.on('end', () => end(readHolder(said)));
    socket.on('error', (fault: NodeJS.ErrnoException) =>
      end(fault.code === 'ECONNREFUSED' || fault.code === 'ENOENT' ? null : 'closing'),
    );
  });
}

function readHolder(said: string): Holder | 'closing' {
  try {
    return JSON.parse(said) as Holder;
  } catch {
    return 'closing'; // accepted, then closed before it answered
  }
}

function listen(address: string, holder: Holder): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on('error', () => socket.destroy()).end(JSON.stringify(holder)));
    server.once('error', reject);
    server.listen(address, () => resolve(server.unref()));
  });
}

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

function heldBy(holder: Holder | 'silent', folder: string): Error {
  if (holder === 'silent') return refuse('database.held-by-silent', { folder });
  return refuse('database.held', { folder, pid: holder.pid, startedAt: holder.startedAt });
}

/** Asks all others until each is dead; resolves to the one that keeps us out, or null. */
async function findOther(folder: string, place: Place, mine: string): Promise<Holder | 'silent' | null> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    let waiting = false;
    for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.sock') && entry !== mine)) {
      const answer = await ask(place.path(name));
      if (answer === null) rmSync(path.join(folder, name), { force: true });
      else if (answer === 'closing') waiting = true;
      else if (answer === 'silent' || answer.state === 'holding' || name < mine) return answer;
      else waiting = true; // both are starting: the one with the later name finds us and gives way
    }
    if (!waiting) return null;
    await pause(20);
  }
  return 'silent';
}

async function lockByPipe(folder: string, holder: Holder): Promise<Lock> {
  const address = `\\\\.\\pipe\\countersign-${createHash('sha256').update(realpathSync(folder)).digest('hex')}`;
  const server = await listen(address, { ...holder, state: 'holding' }).catch(async () => {
    const other = await ask(address);
    throw heldBy(other === null || other === 'closing' ? 'silent' : other, folder);
  });
  return { release: () => close(server) };
}

/**
 * Establishes that this process alone may open the embedded database of the data folder, until released.
 * @throws `database.held` with pid and start time of the holder, `database.held-by-silent`, `database.folder-path-too-long`
 */
export async function lockFolder(dataFolder: string, startedAt: Date): Promise<Lock> {
  const folder = path.join(dataFolder, 'lock');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const holder: Holder = { pid: process.pid, startedAt: startedAt.toISOString(), state: 'starting' };
  if (process.platform === 'win32') return lockByPipe(folder, holder);
  const place = openPlace(folder);
  const mine = `owner-${process.pid}-${randomBytes(4).toString('hex')}.sock`;
  const server = await listen(place.path(mine), holder);
  const release = async (): Promise<void> => {
    await close(server);
    place.leave();
  };
  const other = await findOther(folder, place, mine);
  if (other !== null) {
    await release();
    throw heldBy(other, dataFolder);
  }
  holder.state = 'holding';
  return { release };
}

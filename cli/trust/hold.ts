// One run at a time on the pins of one index: two at once could each forget what the other has just seen. Whoever wants them listens on a socket of an own
// name in the lock's folder, then looks who else does: nobody, and the pins are theirs. A socket ends with its process, also after `kill -9`, and
// its name is never used again, so that a dead one can be removed by anybody (a file with a process id lies about both).
// What slips through (a folder on two machines) is caught at the commit, which compares the pin with the one that was read.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';

export type Hold = { release(): Promise<void> };

type Waiting = {
  /** How long at most. */
  ms: number;
  /** Told once, with the process that holds it. */
  tell: (pid: number) => void;
};

/** Takes the lock of this place, after whoever has it. Refuses `trust.held` when the time is up. */
export async function hold(place: string, { ms, tell }: Waiting): Promise<Hold> {
  const folder = folderOf(place);
  const end = performance.now() + ms;
  const tellOnce = once(tell);
  let mine = await announce(folder);
  for (;;) {
    const others = await lookFor(folder, mine.name);
    const [first] = others;
    if (!first) return mine.hold();
    tellOnce(first.pid);
    // Of several that only want it, the one with the first name stays and the others step back; before one that has it, all do.
    const before = others.find((other) => other.holds) ?? (first.name < mine.name ? first : null);
    if (before) await mine.release();
    await waitForOne(before ? [before] : others, end - performance.now());
    for (const { socket } of others) socket.destroy();
    if (performance.now() >= end) {
      await mine.release();
      throw refuse('trust.held', { pid: first.pid });
    }
    if (before) mine = await announce(folder);
  }
}

function once(tell: (pid: number) => void): (pid: number) => void {
  let told = false;
  return (pid) => {
    if (!told) tell(pid);
    told = true;
  };
}

// A socket's path may have about 100 octets; a longer one goes by digest into the temporary folder.
function folderOf(place: string): string {
  const digest = createHash('sha256').update(place).digest('hex').slice(0, 24);
  const isShort = Buffer.byteLength(place) < 80;
  const folder = isShort ? place : path.join(tmpdir(), `countersign-${digest}.lock`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

type Announced = { name: string; hold(): Hold; release(): Promise<void> };

/** Says to everybody who asks who we are and whether we have it, until it is released. */
async function announce(folder: string): Promise<Announced> {
  const name = randomBytes(6).toString('hex');
  const asking = new Set<Socket>();
  const state = { holds: false, isOver: false };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy()).on('close', () => asking.delete(socket));
    if (state.isOver) return void socket.destroy();
    asking.add(socket);
    socket.write(`${process.pid} ${state.holds ? 'holds' : 'waits'}\n`);
  });
  // A socket refuses between its making and its listening, and would be taken for a dead one: it gets its name afterwards.
  await listening(server, path.join(folder, `.${name}`));
  renameSync(path.join(folder, `.${name}`), path.join(folder, name));
  const release = async (): Promise<void> => {
    if (state.isOver) return;
    state.isOver = true;
    rmSync(path.join(folder, name), { force: true });
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of asking) socket.destroy();
    });
  };
  const hold = (): Hold => {
    state.holds = true;
    return { release };
  };
  return { name, hold, release };
}

function listening(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.unref();
      resolve();
    });
  });
}

type Other = { name: string; pid: number; holds: boolean; socket: Socket };

/** Everybody else who lives; dead sockets are removed. */
async function lookFor(folder: string, own: string): Promise<Other[]> {
  const names = readdirSync(folder).filter((name) => name !== own && !name.startsWith('.'));
  const found = await Promise.all(names.map((name) => ask(folder, name)));
  return found.filter((other) => other !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function ask(folder: string, name: string): Promise<Other | null> {
  return new Promise((resolve) => {
    const socket = connect(path.join(folder, name));
    let said = '';
    // A process that is stopped answers nothing, and still has it.
    const timer = setTimeout(() => resolve({ name, pid: 0, holds: true, socket }), 2000);
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1').slice(0, 40);
      const [, pid, state] = /^(\d+) (holds|waits)\n$/.exec(said) ?? [];
      if (pid === undefined) return;
      clearTimeout(timer);
      resolve({ name, pid: Number(pid), holds: state === 'holds', socket });
    });
    socket.on('error', () => rmSync(path.join(folder, name), { force: true }));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
  });
}

/** Until one of them is gone, or the time is up. */
function waitForOne(others: readonly Other[], ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, ms));
    const ended = (): void => {
      clearTimeout(timer);
      resolve();
    };
    for (const { socket } of others) {
      if (socket.destroyed) ended();
      else socket.once('close', ended);
    }
  });
}

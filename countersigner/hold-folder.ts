// One process per state folder: two countersigners on one state would sign contradictions. The lock is a Unix socket in the folder (a
// named pipe on Windows) that answers who holds it: it ends with its process, also after `kill -9`, where a pid file would lie.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';

/** Gives the folder free again. */
export type Hold = { release(): Promise<void> };

/** Takes the folder for this process. Refuses `countersigner.held` while another process has it. */
export async function holdFolder(folder: string): Promise<Hold> {
  const address = addressOf(path.resolve(folder));
  for (let tried = 0; tried < 3; tried += 1) {
    const server = await listen(address);
    // Asked again after listening: another start at the same moment may have taken a stale name away from under us.
    const pid = await askHolder(address);
    if (pid !== null && (!server || pid !== process.pid)) throw refuse('countersigner.held', { folder, pid });
    if (server && pid !== null) return { release: () => new Promise((resolve) => server.close(() => resolve())) };
    server?.close();
    if (process.platform !== 'win32') rmSync(address, { force: true });
  }
  throw refuse('countersigner.held', { folder, pid: 0 });
}

/** The process that holds the folder now; null: none does. */
export const holderOf = (folder: string): Promise<number | null> => askHolder(addressOf(path.resolve(folder)));

// A socket's path may have about 100 characters; a longer one goes by digest into the temporary folder of the user.
function addressOf(folder: string): string {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\countersign-${digest}`;
  const inside = path.join(folder, 'lock');
  return inside.length < 100 ? inside : path.join('/tmp', `countersign-${digest}.lock`);
}

function listen(address: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on('error', () => socket.destroy()).end(`${process.pid}\n`));
    server.once('error', (fault: NodeJS.ErrnoException) => {
      if (fault.code === 'EADDRINUSE') resolve(null);
      else reject(fault);
    });
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** The process that holds it; null: nobody answers, the socket is left over. */
function askHolder(address: string): Promise<number | null> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(address);
    socket.setTimeout(2000, () => socket.destroy());
    socket.on('data', (chunk) => (said += chunk.toString('latin1').slice(0, 20)));
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(/^\d+\n$/.test(said) ? Number(said) : null));
  });
}

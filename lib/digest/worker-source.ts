// The program of the hashing thread, as text: plain CommonJS with nothing but node: modules and hash-wasm (only for BLAKE2b-256, which
// Node's OpenSSL cannot make). As text it starts the same way under tsx, Vitest, an esbuild bundle and Next's copy of the
// server, none of which would find a file beside it. Trusts its parent; reads one file at a time, once, 1 MiB at a time.

/** Handed to `new Worker(source, { eval: true })`. */
export const workerSource = `
const { createHash } = require('node:crypto');
const { open } = require('node:fs/promises');
const { createRequire } = require('node:module');
const { parentPort, workerData } = require('node:worker_threads');

// Two: while one is hashed, the next piece is read into the other.
const buffers = [Buffer.allocUnsafeSlow(1 << 20), Buffer.allocUnsafeSlow(1 << 20)];

function loadHashWasm() {
  for (const from of workerData.from) {
    try {
      return createRequire(from)('hash-wasm');
    } catch (fault) {
      if (from === workerData.from.at(-1)) throw fault;
    }
  }
}

async function blake2b256() {
  const { createBLAKE2b } = loadHashWasm();
  const hash = await createBLAKE2b(256);
  hash.init();
  return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') };
}

// One hash object an algorithm: for the plain digests and for all tails without a salt (performance.md, 1.4).
async function openHashes({ plain, tails }) {
  const shared = new Map();
  for (const name of plain.concat(tails.filter((tail) => !tail.salt).map((tail) => tail.algorithm)))
    if (!shared.has(name)) shared.set(name, name === 'blake2b256' ? await blake2b256() : createHash(name));
  const salted = tails.map((tail) => (tail.salt ? createHash(tail.algorithm).update(tail.salt) : null));
  return { shared, salted, all: [...shared.values(), ...salted.filter((hash) => hash !== null)] };
}

async function digestFile({ path, plain, tails }) {
  const { shared, salted, all } = await openHashes({ plain, tails });
  const file = await open(path, 'r');
  let size = 0;
  try {
    const readInto = (buffer) => file.read(buffer, 0, buffer.length, null);
    let reading = readInto(buffers[0]);
    for (let at = 1; ; at = 1 - at) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) break;
      size += bytesRead;
      reading = readInto(buffers[at]);
      const piece = buffer.subarray(0, bytesRead);
      for (const hash of all) hash.update(piece);
    }
  } finally {
    await file.close();
  }
  const ended = tails.map((tail, at) => (salted[at] ?? shared.get(tail.algorithm).copy()).update(tail.suffix).digest());
  const plainEntries = plain.map((name) => [name, name === 'blake2b256' ? shared.get(name).digest() : shared.get(name).digest('hex')]);
  return { size, plain: Object.fromEntries(plainEntries), tails: ended.map((digest) => new Uint8Array(digest)) };
}

parentPort.on('message', ({ id, task }) => {
  digestFile(task).then(
    (result) => parentPort.postMessage({ id, result }),
    (fault) => parentPort.postMessage({ id, fault: { message: fault.message, code: fault.code } }),
  );
});
`;

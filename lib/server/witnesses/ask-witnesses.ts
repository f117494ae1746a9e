// Asks the witnesses that have an address for their line on the served checkpoint (C2SP tlog-witness, add-checkpoint), a step of the jobs loop that
// waits for strangers' machines. They are told which size they saw last and get the proof that the tree only grew since; the proof is computed from the
// tiles in place. What they answer is hostile until their signature holds.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isRefusal } from '#lib/core/errors.ts';
import { consistencyProof } from '#lib/core/log.ts';
import { sha256Octets } from '#lib/digest/ed25519.ts';
import { renderNote, toBase64, type ReadNote } from '#lib/evidence/checkpoint.ts';
import { openServedLog } from '#lib/evidence/served-log.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { limits } from '#lib/server/limits.ts';
import { ask } from '#lib/server/outgoing/ask.ts';
import { runtime } from '#lib/server/runtime.ts';
import { keepCosignatures } from './keep-cosignatures.ts';
import { readServedCheckpoint } from './served-checkpoint.ts';
import type { Witness } from './witness.ts';

type Asked = Witness & { url: string };

/** One that failed is left alone for a while; a restart of this process asks again. */
const failedUntil = new Map<string, number>();

/** Asks every witness whose newest line is not over the served tree, or is old. Answers what went wrong, by name. */
export async function askWitnesses(): Promise<Record<string, string>> {
  const { config, clock } = runtime();
  const note = await readServedCheckpoint();
  const failed: Record<string, string> = {};
  if (!note) return failed;
  const now = clock.now().getTime();
  for (const witness of config.witnesses.filter((one): one is Asked => one.url !== null)) {
    if ((failedUntil.get(witness.url) ?? 0) > now || !(await isDue(witness, note, now))) continue;
    const why = await askOne(witness, note);
    if (why === null) continue;
    failedUntil.set(witness.url, now + limits.witnessPauseMs);
    failed[witness.key.name] = why;
  }
  return failed;
}

async function isDue({ key }: Witness, { checkpoint }: ReadNote, now: number): Promise<boolean> {
  const row = await runtime().db.cosignature.findUnique({ where: { witness: key.name } });
  return row?.size !== checkpoint.size || now - row.at.getTime() > limits.witnessAgainMs;
}

/** null: its line is kept; else what went wrong. */
async function askOne(witness: Asked, note: ReadNote): Promise<string | null> {
  const row = await runtime().db.cosignature.findUnique({ where: { witness: witness.key.name } });
  const first = await post(witness, note, row?.size ?? 0);
  // 409: it remembers another size than we do, and says which ("add-checkpoint").
  const size = first.status === 409 ? /^(0|[1-9][0-9]{0,9})\n$/.exec(first.text)?.[1] : undefined;
  const answer = size === undefined ? first : await post(witness, note, Number(size));
  if (answer.status !== 200) return answer.why;
  try {
    await keepCosignatures(Buffer.from(renderNote(note.text, note.signatures) + answer.text));
    return null;
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return fault.message;
  }
}

type Answer = { status: number | null; text: string; why: string };

async function post({ url }: Asked, note: ReadNote, old: number): Promise<Answer> {
  const { size } = note.checkpoint;
  if (old > size) return { status: null, text: '', why: `it saw ${old} entries, we serve ${size}` };
  const proof = old === 0 ? [] : await proofFrom(note, old);
  const own = note.signatures.filter((line) => line.name === note.checkpoint.origin);
  const body = [`old ${old}`, ...proof.map(toBase64), '', renderNote(note.text, own)].join('\n');
  const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
  const question = { url: new URL(`${url}/add-checkpoint`), method: 'POST' as const, headers, body };
  const bounds = {
    bytesMax: limits.cosignatureBytesMax,
    longer: 'refused' as const,
    ms: limits.witnessMs,
    trusted: true,
  };
  const answered = await ask({ ...question, ...bounds });
  if (answered.status === null) return { status: null, text: '', why: answered.why };
  return {
    status: answered.status,
    text: Buffer.from(answered.bytes).toString('utf8'),
    why: `status ${answered.status}`,
  };
}

async function proofFrom({ checkpoint }: ReadNote, old: number): Promise<Uint8Array[]> {
  const read = (place: string) => readFile(path.join(indexFolder(), place));
  const log = await openServedLog(checkpoint, read, sha256Octets);
  return log.ask((tree) => consistencyProof(tree, old));
}

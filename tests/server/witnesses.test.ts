// Witnesses of the log: their lines come by the door or are asked for (C2SP tlog-witness), stand under the checkpoint that is served as long as it is the
// newest, and nobody else's do.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { readNote, renderNote } from '#lib/evidence/checkpoint.ts';
import { findCosigned } from '#lib/evidence/cosignature.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { limits } from '#lib/server/limits.ts';
import { askWitnesses } from '#lib/server/witnesses/ask-witnesses.ts';
import { keepCosignatures } from '#lib/server/witnesses/keep-cosignatures.ts';
import { serveCosignatures } from '#lib/server/witnesses/served-checkpoint.ts';
import { cosignatureRoute } from '#web/cosignatures.ts';
import { addDraftRows, addProject, startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { expectRefusal } from '../support/refusal.ts';
import { serveRoutes } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { ada, bo } from '../support/scene.ts';
import { makeWitness, serveWitness, type TestWitness, type WitnessServer } from '../support/witness.ts';

let world: TestRuntime;
let countersigner: Countersigner;
let asked: WitnessServer;
const [one, two] = [makeWitness('witness.example/one'), makeWitness('witness.example/two')];
const stranger = makeWitness('witness.example/stranger');
const noon = Date.parse('2026-11-22T12:00:00Z') / 1000;

beforeEach(async () => {
  asked = await serveWitness(two, () => world.clock.now().getTime() / 1000);
  const environment = { WITNESSES: `${one.vkey}, ${two.vkey} ${asked.url}` };
  world = await openTestRuntime({ at: '2026-11-22T12:00:00Z', environment });
  countersigner = await startCountersigner();
  await addProject();
  await publish();
});
afterEach(async () => {
  await countersigner.close();
  await asked.stop();
  await world.close();
});

async function publish(): Promise<void> {
  await countersigner.round();
  await placeHandbacks();
}

const served = (): Buffer => readFileSync(path.join(indexFolder(), checkpointPath));
const cosigned = (): string[] =>
  findCosigned(readNote(served()), [one.key, two.key, stranger.key], noteCheck).map(({ name }) => name);
const hand = (witness: TestWitness, at = noon) => keepCosignatures(witness.cosign(served(), at));

describe('a line that a witness hands in', () => {
  it('stands under the checkpoint, beside that of the countersigner', async () => {
    const before = readNote(served());
    expect(await hand(one)).toEqual({ size: before.checkpoint.size, kept: [one.key.name] });
    expect(await serveCosignatures()).toBe(true);
    const after = readNote(served());
    expect([after.text, after.signatures[0]]).toEqual([before.text, before.signatures[0]]);
    expect(cosigned()).toEqual([one.key.name]);
    expect(await serveCosignatures()).toBe(false);
  });

  it('is replaced by a newer one of the same witness, never by an older one', async () => {
    for (const at of [noon, noon + 60, noon - 60]) await hand(one, at);
    await serveCosignatures();
    expect(findCosigned(readNote(served()), [one.key], noteCheck)).toEqual([{ name: one.key.name, at: noon + 60 }]);
    expect(await world.db.cosignature.count()).toBe(1);
  });

  it('goes with its checkpoint: under the next one stands only who saw that', async () => {
    const first = served();
    await hand(one);
    await serveCosignatures();
    await addDraftRows([ada, bo]);
    await publish();
    await serveCosignatures();
    expect(readNote(served()).checkpoint.size).toBeGreaterThan(readNote(first).checkpoint.size);
    expect(cosigned()).toEqual([]);
    await expectRefusal(() => keepCosignatures(one.cosign(first, noon)), 'log.not-newest');
    await hand(one);
    await serveCosignatures();
    expect(cosigned()).toEqual([one.key.name]);
  });

  it('is taken over HTTP from anybody, in bounds', async () => {
    const server = await serveRoutes(cosignatureRoute);
    try {
      const post = (body: Uint8Array) =>
        fetch(`${server.base}/cosignatures`, { method: 'POST', body: new Uint8Array(body) });
      const answer = await post(one.cosign(served(), noon));
      expect([answer.status, await answer.json()]).toEqual([
        200,
        { size: readNote(served()).checkpoint.size, kept: [one.key.name] },
      ]);
      expect((await post(Buffer.alloc(limits.cosignatureBytesMax + 1))).status).toBe(413);
      expect((await post(Buffer.from('no note'))).status).toBe(400);
      expect((await post(stranger.cosign(served(), noon))).status).toBe(403);
    } finally {
      await server.stop();
    }
  });
});

describe('refused without a trace is', () => {
  it('a line of somebody whom the operator did not name', () =>
    expectRefusal(() => hand(stranger), 'log.unknown-witness'));

  it('a checkpoint without a line of a witness', () =>
    expectRefusal(() => keepCosignatures(served()), 'log.unknown-witness'));

  it('a line with the name and number of a witness that does not hold', async () => {
    const other = readNote(one.cosign(served(), noon));
    const line = other.signatures.at(-1);
    if (!line) throw new Error('a line was expected');
    const signature = line.signature.map((octet, at) => (at === 40 ? octet ^ 1 : octet));
    const note = renderNote(other.text, [...readNote(served()).signatures, { ...line, signature }]);
    await expectRefusal(() => keepCosignatures(Buffer.from(note)), 'log.not-signed');
  });

  it('a line from the future', () => expectRefusal(() => hand(one, noon + 3600), 'log.witness-clock'));

  it('a line over another tree of the same size', async () => {
    const { text, signatures } = readNote(served());
    const forked = text.replace(/\n[^\n]+\n$/, `\n${Buffer.alloc(32).toString('base64')}\n`);
    await expectRefusal(
      () => keepCosignatures(one.cosign(Buffer.from(renderNote(forked, signatures)), noon)),
      'log.not-newest',
    );
  });
});

describe('what is not good any more is not served', () => {
  it('a row that somebody edited', async () => {
    await hand(one);
    const line = stranger.line(served(), noon).trimEnd().replace(stranger.key.name, one.key.name);
    await world.db.cosignature.updateMany({ data: { line } });
    expect(await serveCosignatures()).toBe(false);
    expect(cosigned()).toEqual([]);
  });

  it('the line of a witness that the operator took away', async () => {
    await hand(one);
    await serveCosignatures();
    world.config.witnesses = [];
    expect(await serveCosignatures()).toBe(true);
    expect(readNote(served()).signatures).toHaveLength(1);
  });
});

describe('a witness with an address', () => {
  it('is asked for its line, with the proof since what it saw', async () => {
    expect(await askWitnesses()).toEqual({});
    await addDraftRows([ada, bo]);
    await publish();
    expect(await askWitnesses()).toEqual({});
    await serveCosignatures();
    expect(cosigned()).toEqual([two.key.name]);
    expect(asked.answered).toEqual([200, 200]);
    expect(asked.seen.size).toBe(readNote(served()).checkpoint.size);
  });

  it('is asked once for a checkpoint, and again after hours', async () => {
    await askWitnesses();
    await askWitnesses();
    expect(asked.answered).toEqual([200]);
    world.advance(limits.witnessAgainMs + 1000);
    await askWitnesses();
    expect(asked.answered).toEqual([200, 200]);
  });

  it('that remembers another size than we do says so, and is asked from there', async () => {
    await askWitnesses();
    await world.db.cosignature.deleteMany();
    expect(await askWitnesses()).toEqual({});
    expect(asked.answered).toEqual([200, 409, 200]);
  });

  it('that saw another log signs nothing, and is left alone for a while', async () => {
    asked.seen = { size: 1, root: new Uint8Array(32) };
    expect(await askWitnesses()).toEqual({ [two.key.name]: 'status 422' });
    expect(await askWitnesses()).toEqual({});
    expect(asked.answered).toEqual([409, 422]);
    expect(await world.db.cosignature.count()).toBe(0);
  });

  it('that is not there holds up nothing', async () => {
    await asked.stop();
    expect(Object.keys(await askWitnesses())).toEqual([two.key.name]);
    await hand(one);
    await serveCosignatures();
    expect(cosigned()).toEqual([one.key.name]);
  });
});

describe('a served checkpoint', () => {
  it('that cannot be read stops only this step', async () => {
    writeFileSync(path.join(indexFolder(), checkpointPath), 'nothing');
    await expect(serveCosignatures()).rejects.toMatchObject({ code: 'log.checkpoint' });
  });
});

// A scene whose tree is served by an index that can be told to lie, and clients that met it or are about to. The key and the policy that somebody would compare
// are read from what is served.
import { vi } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { openClient, type Client } from './client.ts';
import { openHostileIndex, type HostileIndex } from './hostile-index.ts';
import { firstPolicy, minute, policyBytes, type Scene } from './scene.ts';
import { servedTree } from './served-tree.ts';

export type ServedScene = {
  scene: Scene;
  index: HostileIndex;
  /** What the countersigner wrote, whatever the index says by now. */
  tree: Map<string, Uint8Array>;
  /** Fingerprint of the index's key. */
  indexKey: string;
  /** What somebody gives at first contact: the index's key and demo's first policy. */
  given: { indexKey: string; policy: string[] };
  /** A client at the time of the scene. The TUF client reads the clock by itself, so the machine's is that of the scene from here on. */
  meet(): Client;
  /** A minute later the index serves what a round made, and the client looks at that time. */
  goOn(client: Client): Promise<void>;
  stop(): Promise<void>;
};

export const firstPolicyDigest = sha256Hex(policyBytes(firstPolicy()));

export async function serveScene(scene: Scene): Promise<ServedScene> {
  const tree = await servedTree(scene);
  const index = await openHostileIndex(tree);
  const certificate = tree.get('keys/index.asc') ?? new Uint8Array();
  const indexKey = (await readCertificate(certificate, scene.now)).facts.primary;
  return {
    ...{ scene, index, tree, indexKey },
    given: { indexKey, policy: [`demo=${firstPolicyDigest}`] },
    meet: () => {
      vi.useFakeTimers({ toFake: ['Date'], now: scene.now });
      return openClient(scene.now);
    },
    goOn: async (client) => {
      scene.now += minute;
      await scene.round();
      index.restore(await servedTree(scene));
      client.now = scene.now;
      vi.setSystemTime(scene.now);
    },
    stop: async () => {
      vi.useRealTimers();
      await index.stop();
      scene.close();
    },
  };
}

/** The code at the end of a refusal's sentence. */
export const codeOf = ({ err }: { err: string }): string | undefined => /\(([a-z.-]+)\)\n$/.exec(err)?.[1];

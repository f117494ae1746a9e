// A scene with demo 1.0 that Ada and Bo signed and that was quarantined since, because the owner struck Bo: where the attacks on a quarantine begin.
import { renderInstant } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import {
  ada,
  addDraft,
  addPolicy,
  bo,
  chi,
  minute,
  nextPolicy,
  openScene,
  sign,
  signedSoFar,
  type Scene,
  type SceneDraft,
  type Signer,
} from './scene.ts';

export type Quarantined = { scene: Scene; draft: SceneDraft };

/** The policy after the strike: Ada owns, Chi signs, Bo is struck altogether. */
export const withoutBo = (): Partial<Policy> => ({
  people: [
    { name: ada.name, role: 'owner', keys: [ada.key] },
    { name: chi.name, role: 'maintainer', keys: [chi.key] },
  ],
  struck: [{ name: bo.name, keys: [bo.key], since: null, reason: 'account compromised' }],
});

/** demo 1.0, published with the signatures of Ada and Bo. */
export async function openPublished(): Promise<Quarantined> {
  const scene = await openScene();
  addPolicy(scene);
  const draft = addDraft(scene, [ada, bo]);
  await scene.round();
  scene.now += 10 * minute;
  return { scene, draft };
}

/** The same, quarantined by the strike. */
export async function openQuarantined(): Promise<Quarantined> {
  const { scene, draft } = await openPublished();
  addPolicy(scene, nextPolicy(scene, withoutBo()), [ada], scene.now - minute);
  const report = await scene.round();
  if (report.quarantined.length !== 1) throw new Error('the release was not quarantined');
  draft.approved = false;
  scene.now += 10 * minute;
  return { scene, draft };
}

/** The owner (and whoever else must) puts the next policy in force. */
export function putInForce(scene: Scene, policy: Partial<Policy>, by: readonly Signer[]): void {
  addPolicy(scene, nextPolicy(scene, policy), by, scene.now - minute);
}

/** A signature over the statement, made just now, handed over with the release. */
export const signAgain = ({ scene, draft }: Quarantined, by: Signer): void =>
  void draft.packets.push(sign(by, draft.statement, scene.now - minute));

/** One round that must leave the index as it is: nothing signed, nothing published. Answers its report. */
export async function fruitlessRound(scene: Scene) {
  const before = await signedSoFar(scene);
  const report = await scene.round();
  if (JSON.stringify(await signedSoFar(scene)) !== JSON.stringify(before)) throw new Error('something was signed');
  if (report.published.length > 0) throw new Error('something was published');
  return report;
}

/** When the retirement of a person began, in a policy. */
export const since = (scene: Scene) => renderInstant(scene.now - minute);

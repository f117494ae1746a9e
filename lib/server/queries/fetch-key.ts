// A key from a key server, to be looked at before it is added: nothing is stored here. Only the servers of the settings are asked, one after
// the other, and only by a full fingerprint. What is added afterwards goes through the same command as an uploaded file.
import { refuse } from '#lib/core/errors.ts';
import { readPastedFingerprint } from '#lib/core/fingerprint.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import { requirePerson, type Actor } from '#lib/core/people.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import { askKeyServer } from '#lib/server/key-servers/ask-key-server.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { runtime } from '#lib/server/runtime.ts';

export type FetchedKey = {
  server: string;
  facts: KeyFacts;
  /** Armored and cleaned, as it would be stored. */
  certificate: string;
};

/** The key servers that this instance asks, as the operator wrote them; none: fetching is off. */
export const keyServerNames = (): string[] => runtime().config.keyServers.map(({ name }) => name);

/**
 * The certificate with this fingerprint. The first server that has it answers; a wrong answer ends the search.
 * @throws `person.sign-in-first`, `key.no-servers`, `fingerprint.too-short`, `fingerprint.…`, `request.too-many`, `key.server-wrong-answer`,
 * `key.server-has-none`, `key.server-unreachable`, and what lib/pgp refuses about the key itself
 */
export async function fetchKey(actor: Actor, typedFingerprint: string): Promise<FetchedKey> {
  const name = requirePerson(actor);
  const { config, clock } = runtime();
  if (config.keyServers.length === 0) throw refuse('key.no-servers', {});
  const key = readPastedFingerprint(typedFingerprint);
  await requireRate('key-fetch-by-person', name);
  const faults: string[] = [];
  for (const server of config.keyServers) {
    const answer = await askKeyServer(server, { key, at: clock.now().getTime() });
    if (answer.kind === 'unreachable') faults.push(`${server.name}: ${answer.why}`);
    if (answer.kind !== 'found') continue;
    const { facts, bytes } = answer.certificate;
    return { server: server.name, facts, certificate: armorCertificate(bytes) };
  }
  if (faults.length > 0) throw refuse('key.server-unreachable', { key, faults });
  throw refuse('key.server-has-none', { key, servers: keyServerNames() });
}

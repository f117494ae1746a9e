// GnuPG folders of the people of a test, each with one key and an agent of its own that has to be ended.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestPerson } from './story.ts';

const inRing = (ring: string) => ({ ...process.env, GNUPGHOME: ring });

/** A GnuPG folder below `folder` that holds the person's key and no other; the key also in `key.asc`, for sq. */
export function makeRing(folder: string, { actor, key }: TestPerson): string {
  const ring = path.join(folder, `ring-${actor.name}`);
  mkdirSync(ring, { mode: 0o700 });
  const file = path.join(ring, 'key.asc');
  writeFileSync(file, key.private.armor(), { mode: 0o600 });
  execFileSync('gpg', ['--batch', '--import', file], { env: inRing(ring), stdio: 'ignore' });
  return ring;
}

/** Ends the agents that GnuPG started for these folders. */
export function endAgents(rings: Iterable<string>): void {
  for (const ring of rings) spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env: inRing(ring) });
}

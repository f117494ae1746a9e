// The hand-over bundle of a project without a draft: its policies and certificates, a new chain that waits to be confirmed among them.
import { refuse } from '#lib/core/errors.ts';
import { readProjectName } from '#lib/core/ids.ts';
import { writeBundle } from '#lib/evidence/bundle.ts';
import { evidenceOfProject } from './evidence-of-project.ts';

/** The bundle; refuses `handoff.no-such` where no policy is in force. */
export async function bundleOfProject(name: string): Promise<Uint8Array> {
  const evidence = await evidenceOfProject(readProjectName(name), { withWaiting: true });
  if (evidence.policies.length === 0) throw refuse('handoff.no-such', { what: 'such project' });
  return writeBundle({ ...evidence, statement: null, fileSignatures: new Map() });
}

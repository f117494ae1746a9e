// The hand-over bundle of a project without a draft: its policies and certificates, a new chain that waits to be confirmed among them, and
// the declarations of its owners that wait.
import { refuse } from '#lib/core/errors.ts';
import { readProjectName, type ProjectName } from '#lib/core/ids.ts';
import { writeBundle, type SignedBytes } from '#lib/evidence/bundle.ts';
import { runtime } from '#lib/server/runtime.ts';
import { armorRows, evidenceOfProject } from './evidence-of-project.ts';

/** The bundle; refuses `handoff.no-such` where no policy is in force. */
export async function bundleOfProject(name: string): Promise<Uint8Array> {
  const project = readProjectName(name);
  const evidence = await evidenceOfProject(project, { withWaiting: true });
  if (evidence.policies.length === 0) throw refuse('handoff.no-such', { what: 'such project' });
  const declarations = await loadWaiting(project);
  return writeBundle({ ...evidence, statement: null, fileSignatures: new Map(), declarations, declinedBy: [] });
}

/** Signed and not in force yet, in the order in which they were signed. */
async function loadWaiting(project: ProjectName): Promise<SignedBytes[]> {
  const where = { projectName: project, state: 'signed' };
  const rows = await runtime().db.declaration.findMany({ where, orderBy: [{ signedAt: 'asc' }, { id: 'asc' }] });
  return rows.map(({ bytes, packet, key }) => ({
    bytes,
    signature: packet && key ? armorRows([{ packet, key }]) : null,
  }));
}

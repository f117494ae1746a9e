// The hand-over bundle of one draft: policies, certificates, the statement of the current revision and every signature that stands, counted
// or not: the countersigner judges for itself, and what disappears from here it takes for taken back.
import { refuse } from '#lib/core/errors.ts';
import {
  readAccountName,
  readDraftId,
  readFileName,
  readProjectName,
  readSha256,
  type FileName,
  type Sha256,
} from '#lib/core/ids.ts';
import { writeBundle } from '#lib/evidence/bundle.ts';
import { runtime } from '#lib/server/runtime.ts';
import { armorRows, evidenceOfProject } from './evidence-of-project.ts';

const openStates = ['draft', 'approved'];

/** The bundle; refuses `handoff.no-such` for a draft that is not open, approved or quarantined. */
export async function bundleOfDraft(id: string): Promise<Uint8Array> {
  const draft = await runtime().db.draft.findFirst({
    where: { id: readDraftId(id), state: { in: [...openStates, 'quarantined'] } },
    include: {
      revisions: true,
      files: { where: { until: null } },
      signatures: { where: { takenBackAt: null } },
      declines: { where: { liftedAt: null } },
    },
  });
  const revision = draft?.revisions.find((entry) => entry.number === draft.revision);
  if (!draft || !revision) throw refuse('handoff.no-such', { what: 'open draft with this id' });
  const overStatement = draft.signatures.filter(
    (entry) => entry.subject === 'statement' && entry.revision === draft.revision,
  );
  const fileSignatures = new Map<FileName, Uint8Array>();
  for (const file of draft.files) {
    const signature = armorRows(draft.signatures.filter((entry) => entry.fileSha256 === file.sha256));
    if (signature) fileSignatures.set(readFileName(file.name), signature);
  }
  return writeBundle({
    ...(await evidenceOfProject(readProjectName(draft.projectName), { withWaiting: false })),
    statement: { bytes: revision.statement, signature: armorRows(overStatement) },
    fileSignatures,
    declarations: [],
    declinedBy: draft.declines.map((row) => readAccountName(row.personName)),
  });
}

/** Where the bytes of a file of an open or approved draft are; refuses `handoff.no-such` for any other file. */
export async function fileForHandoff(claimed: string): Promise<{ sha256: Sha256; path: string }> {
  const { db, files } = runtime();
  const sha256 = readSha256(claimed);
  const row = await db.draftFile.findFirst({ where: { sha256, until: null, draft: { state: { in: openStates } } } });
  if (!row || !(await files.has(sha256))) throw refuse('handoff.no-such', { what: 'file with this digest' });
  return { sha256, path: await files.local(sha256) };
}

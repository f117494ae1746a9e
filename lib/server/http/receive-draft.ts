// The two doors for files: open a draft, change the files of one. Who asks is decided before the body is read, so that a stranger
// cannot fill the disk; the command asks again.
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { openDraft, type OpenedDraft } from '#lib/server/commands/open-draft.ts';
import { findDraft } from '#lib/server/judge/find-draft.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { withUploads } from '#lib/server/uploads/use-uploads.ts';
import { receiveForm, type FormRequest, type ReceivedForm } from './receive-form.ts';

/** Refuses as openDraft does, and `upload.…` for the form itself. */
export async function receiveNewDraft(actor: Actor, project: string, request: FormRequest): Promise<OpenedDraft> {
  await requireRight(runtime().db, actor, 'draft.open', project);
  return openOfForm(actor, project, await receiveForm(request));
}

/** With what came, and the uploads that it names; the door asked before the body was read. Refuses as openDraft does. */
export function openOfForm(actor: Actor, project: string, form: ReceivedForm): Promise<OpenedDraft> {
  const { signatures } = form;
  return withUploads(actor, { project }, uploadsIn(form), async (sent) => {
    const uploads = [...form.uploads, ...sent];
    if (uploads.length === 0) throw refuse('draft.no-files', {});
    return openDraft(actor, { project, uploads, signatures });
  });
}

/** Refuses as changeFiles does, and `upload.…` for the form itself. */
export async function receiveFiles(actor: Actor, draft: string, request: FormRequest): Promise<OpenedDraft> {
  await findDraft(runtime().db, actor, 'draft.change-files', draft);
  return changeOfForm(actor, draft, await receiveForm(request));
}

/** With what came; `expectedRevision`: where it does not stand in the form. Refuses as changeFiles does. */
export function changeOfForm(
  actor: Actor,
  draft: string,
  form: ReceivedForm,
  expectedRevision = readRevision(form),
): Promise<OpenedDraft> {
  const { signatures, fields } = form;
  const remove = fields.get('remove') ?? [];
  return withUploads(actor, { draft }, uploadsIn(form), async (sent) => {
    const uploads = [...form.uploads, ...sent];
    if (uploads.length + remove.length === 0) throw refuse('upload.nothing', {});
    return changeFiles(actor, { draft, uploads, remove, signatures, expectedRevision });
  });
}

/** Files that came before the form did (lib/server/uploads), by their ids. */
const uploadsIn = ({ fields }: ReceivedForm): string[] => fields.get('upload') ?? [];

function readRevision({ fields }: ReceivedForm): number | undefined {
  const [claimed] = fields.get('revision') ?? [];
  if (claimed === undefined) return undefined;
  if (/^[1-9][0-9]{0,5}$/.test(claimed)) return Number(claimed);
  throw refuse('upload.malformed', { why: 'its revision is not a number' });
}

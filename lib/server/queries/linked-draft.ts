// A draft as the personal link of a mail shows it: the same page as for its people, from the same verdict, with the addresses of its files below
// the link's own place. What the link does not open (changing files, withdrawing, taking back) is not offered.
import type { AccountName } from '#lib/core/ids.ts';
import { requireLiveLink, type LinkActor } from '#lib/server/judge/personal-link.ts';
import { linkedPath } from '#lib/server/http/link-cookie.ts';
import { runtime } from '#lib/server/runtime.ts';
import { draftPage, type DraftPage } from './draft-page.ts';

export type LinkedDraft = DraftPage & {
  /** For whom the mail was. */
  person: AccountName;
  /** When the link ends, and which revision its mail named. */
  linkEnds: Date;
  mailedRevision: number;
};

/** Refuses `link.…` where the link opens nothing (any more). */
export async function linkedDraft(link: LinkActor): Promise<LinkedDraft> {
  const { db, clock } = runtime();
  const { link: row } = await requireLiveLink(db, link.id, clock.now());
  const page = await draftPage(link, link.draft);
  const here = linkedPath(link.draft);
  return {
    ...page,
    ...{ person: link.name, linkEnds: row.expiresAt, mailedRevision: row.revision },
    statement: { ...page.statement, path: `${here}/SHA256SUMS` },
    files: page.files.map((file) => ({ ...file, path: `${here}/files/${file.name}` })),
  };
}

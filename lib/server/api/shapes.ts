// The shapes that several addresses for programs share: of what is asked (hostile: each command reads it again by core's rules) and of what is
// answered (for the reference; tests hold the answers to them).
import { z } from 'zod';
import { refuse } from '#lib/core/errors.ts';

export const accountName = z.string().meta({ description: 'The name of an account.', examples: ['ada'] });
export const projectName = z.string().meta({ description: 'The normalised name of a project.', examples: ['sunrise'] });
export const versionText = z
  .string()
  .meta({ description: 'A version in its canonical spelling.', examples: ['1.2.0'] });
export const draftId = z.string().meta({ description: 'The id of a draft.', examples: ['6f2c9d1e4b7a'] });
export const sha256Text = z.string().meta({ description: 'SHA-256 in lower-case hex.' });
export const fingerprintText = z.string().meta({ description: 'A fingerprint in upper-case hex.' });
export const moment = z.string().meta({ format: 'date-time' });

/** The revision that was looked at, as addresses and forms spell it. Throws `input.not-a`. */
export const revisionWish = z
  .union([z.string(), z.int()])
  .optional()
  .meta({ description: 'The revision that was looked at; another one by then is refused.', examples: [3] })
  .transform((claimed) => (claimed === undefined ? undefined : readRevision(String(claimed))));

export function readRevision(claimed: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(claimed)) return Number(claimed);
  throw refuse('input.not-a', { what: 'a revision', claimed: claimed.slice(0, 80) });
}

/** One line or a few of plain text that a person gives; the command bounds it. */
export const reasonText = z.string().default('').meta({ description: 'Why, in plain text: people read it.' });

const draftState = z.enum(['draft', 'approved', 'published', 'withdrawn', 'expired', 'quarantined']);

/** What the checks of the files found (docs/formats/checks.md). */
const checks = z.strictObject({
  ...{ warnings: z.int(), notes: z.int(), ignored: z.int(), uncheckedFiles: z.int() },
  findings: z.array(
    z.strictObject({
      ...{ severity: z.enum(['warning', 'note']), code: z.string(), file: z.string().nullable(), where: z.string() },
      ...{ say: z.string() },
      ignored: z.strictObject({ ignored: z.string(), by: accountName, reason: z.string() }).nullable(),
    }),
  ),
});

/** How a draft stands (docs/formats/status.md). */
const status = {
  ...{ index: z.string(), project: projectName, version: versionText, draft: draftId, state: draftState },
  outcome: z.enum(['waiting', 'published', 'declined', 'withdrawn', 'expired', 'quarantined']),
  ...{ revision: z.int(), required: z.int(), counted: z.array(accountName), missing: z.int() },
  ...{ couldStillSign: z.array(accountName), declinedBy: z.array(accountName), waitsUntil: moment.nullable() },
  ...{ heldBack: z.string().nullable(), countersigner: z.string().nullable(), deadline: moment.nullable() },
  checks,
  ...{ publishedAt: moment.nullable(), yanked: z.string().nullable(), quarantined: z.string().nullable() },
  ...{ record: z.url().nullable(), page: z.url(), mark: z.string() },
};

/** A draft with what is signed, its files, and the keys of the reader that would count. */
export const draftShape = z.strictObject({
  ...status,
  ...{ openedBy: accountName, openedAt: moment },
  statement: z.strictObject({ name: z.string(), sha256: sha256Text, size: z.int() }),
  files: z.array(z.strictObject({ name: z.string(), size: z.int(), sha256: sha256Text })),
  preview: z.url().nullable().meta({ description: 'An index for pip, to try the files before they are published.' }),
  rebuilds: z.array(
    z.strictObject({
      ...{ rebuild: z.string(), person: accountName, at: moment, outcome: z.string(), isSame: z.boolean() },
      recipe: z.string(),
      files: z.array(z.strictObject({ name: z.string(), sha256: sha256Text, isSame: z.boolean() })),
    }),
  ),
  changes: z
    .strictObject({
      since: versionText,
      lines: z.array(z.strictObject({ weight: z.enum(['look', 'note']), say: z.string() })),
    })
    .nullable()
    .meta({
      description: 'What changed since the release before; `look`: what runs, or comes along, is not what it was.',
    }),
  reader: z.strictObject({
    ...{ name: accountName, hasSigned: z.boolean() },
    keys: z.array(z.strictObject({ fingerprint: fingerprintText, signing: fingerprintText })),
  }),
});

export const outcomes = z.array(
  z.strictObject({
    result: z.enum(['counted', 'already-there', 'refused']),
    ...{ person: accountName.nullable(), key: fingerprintText.nullable(), over: z.string().nullable() },
    ...{ reason: z.string().nullable(), says: z.string() },
  }),
);

/** What became of a draft, and where people see it. */
export const draftPlace = z.looseObject({ draft: draftId, page: z.url() });

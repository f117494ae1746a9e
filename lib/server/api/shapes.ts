// The shapes that several addresses for programs share: of what is asked (hostile: each command reads it again by core's rules) and of what is
// answered (for the reference; tests hold the answers to them).
import { z } from 'zod';
import { refuse } from '#lib/core/errors.ts';
import { digestExample, keyExample } from './examples.ts';

export const accountName = z.string().meta({ description: 'The name of an account.', examples: ['ada'] });
export const projectName = z.string().meta({ description: 'The normalised name of a project.', examples: ['sunrise'] });
export const versionText = z
  .string()
  .meta({ description: 'A version in its canonical spelling.', examples: ['1.2.0'] });
export const draftId = z.string().meta({ description: 'The id of a draft.', examples: ['6f2c9d1e4b7a'] });
export const sha256Text = z.string().meta({ description: 'SHA-256 in lower-case hex.', examples: [digestExample] });
export const fingerprintText = z
  .string()
  .meta({ description: 'A fingerprint in upper-case hex.', examples: [keyExample] });
/** The id of a row that is named by nothing else. */
export const rowId = z.string().meta({ examples: ['0c6f0e8e-52a3-4a39-9d5e-2f6a3b1c7d40'] });
export const fileName = z.string().meta({ examples: ['sunrise-1.2.0-py3-none-any.whl'] });
/** Text for people; `example`: such a one. */
export const textLike = (example: string) => z.string().meta({ examples: [example] });
export const indexName = textLike('sign.example.org');
export const count = (example: number) => z.int().meta({ examples: [example] });
/** Often nothing: then the example is none either. */
export const seldom = <Shape extends z.ZodType>(shape: Shape) => shape.nullable().meta({ examples: [null] });
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
  ...{ warnings: z.int(), notes: count(0), ignored: count(0), uncheckedFiles: count(0) },
  findings: z.array(
    z.strictObject({
      ...{
        severity: z.enum(['warning', 'note']),
        code: textLike('wheel.runs-at-start'),
        where: textLike('sunrise.pth'),
      },
      ...{ file: fileName.nullable(), say: textLike('One line of it runs code, at every start of Python.') },
      ignored: seldom(z.strictObject({ ignored: rowId, by: accountName, reason: z.string() })),
    }),
  ),
});

/** How a draft stands (docs/formats/status.md). */
const status = {
  ...{ index: indexName, project: projectName, version: versionText, draft: draftId, state: draftState },
  outcome: z.enum(['waiting', 'published', 'declined', 'withdrawn', 'expired', 'quarantined']),
  ...{ revision: count(3), required: count(2), counted: z.array(accountName), missing: z.int() },
  couldStillSign: z.array(accountName).meta({ examples: [['bo']] }),
  ...{ declinedBy: z.array(accountName).meta({ examples: [[]] }), waitsUntil: seldom(moment) },
  ...{ heldBack: seldom(z.string()), countersigner: seldom(z.string()), deadline: moment.nullable() },
  checks,
  ...{ publishedAt: seldom(moment), yanked: seldom(z.string()), quarantined: seldom(z.string()) },
  ...{ record: seldom(z.url()), page: z.url(), mark: textLike('5f0c1d2e3a4b5c6d') },
};

/** A draft with what is signed, its files, and the keys of the reader that would count. */
export const draftShape = z
  .strictObject({
    ...status,
    ...{ openedBy: accountName, openedAt: moment },
    statement: z.strictObject({
      ...{ name: textLike('sunrise-1.2.0.r3.SHA256SUMS'), sha256: sha256Text, size: count(312) },
    }),
    files: z.array(z.strictObject({ name: fileName, size: count(48213), sha256: sha256Text })),
    preview: z
      .url()
      .nullable()
      .meta({
        description: 'An index for pip, to try the files before they are published.',
        examples: ['https://sign.example.org/preview/3q2-7wX…/simple/'],
      }),
    rebuilds: z.array(
      z.strictObject({
        ...{ rebuild: rowId, person: accountName, at: moment, isSame: z.boolean() },
        outcome: textLike('rebuilt 1 file with the same digest'),
        recipe: textLike('python -m build'),
        files: z.array(z.strictObject({ name: fileName, sha256: sha256Text, isSame: z.boolean() })),
      }),
    ),
    changes: z
      .strictObject({
        since: textLike('1.1.0'),
        lines: z.array(z.strictObject({ weight: z.enum(['look', 'note']), say: textLike('Requires rich as well.') })),
      })
      .nullable()
      .meta({
        description: 'What changed since the release before; `look`: what runs, or comes along, is not what it was.',
      }),
    reader: z.strictObject({
      ...{ name: textLike('bo'), hasSigned: z.boolean().meta({ examples: [false] }) },
      keys: z.array(z.strictObject({ fingerprint: fingerprintText, signing: fingerprintText })),
    }),
  })
  .meta({ id: 'Draft' });

export const outcomes = z.array(
  z
    .strictObject({
      result: z.enum(['counted', 'already-there', 'refused']),
      ...{ person: accountName.nullable(), key: fingerprintText.nullable(), over: textLike('statement').nullable() },
      ...{ reason: seldom(z.string()), says: textLike('Signed by ada with this key; it counts.') },
    })
    .meta({ id: 'Outcome' }),
);

/** What stands in the braces of paths. */
export const pathNames: Readonly<Record<string, z.ZodType>> = {
  ...{ project: projectName, draft: draftId, fingerprint: fingerprintText },
  version: z
    .string()
    .meta({ description: 'Of a release: in its canonical spelling. Of a policy: its number.', examples: ['2'] }),
  file: fileName.meta({ description: 'The name of a file.' }),
  packet: sha256Text.meta({ description: 'The SHA-256 of a signature’s packet.' }),
  declaration: sha256Text.meta({ description: 'The SHA-256 of a declaration.' }),
  ...Object.fromEntries(
    ['upload', 'token', 'signature', 'decline', 'ignored', 'comment', 'rebuild', 'invitation'].map((name) => [
      name,
      rowId.meta({ description: 'Its id, as the lists have it.' }),
    ]),
  ),
};

// What the checks of one file found, as it is kept with its row: made once, when the file came, since its bytes never change. Texts in it are hostile.
import { z } from 'zod';
import { describe, type Described } from '#lib/python/check-release.ts';
import { checks, type CheckCode, type Finding } from '#lib/python/checks.ts';
import type { Inspection } from '#lib/python/inspection.ts';

export type KeptChecks = { findings: Finding[]; described: Described };

const format = 1;

/** Zero characters, which no database keeps, are escaped by JSON. */
export const renderChecks = ({ findings, metadata }: Pick<Inspection, 'findings' | 'metadata'>): string =>
  JSON.stringify({ format, findings, described: describe(metadata) });

const codes = Object.keys(checks) as [CheckCode, ...CheckCode[]];

const kept = z.object({
  format: z.literal(format),
  findings: z.array(
    z.object({ severity: z.enum(['warning', 'note']), code: z.enum(codes), where: z.string(), say: z.string() }),
  ),
  described: z.object({
    metadataVersion: z.string(),
    dynamic: z.array(z.string()),
    fields: z.record(z.string(), z.object({ digest: z.string(), shown: z.string() })),
  }),
});

/** Null for files of before, and for what another version of this program kept. */
export function readChecks(text: string | null): KeptChecks | null {
  if (text === null) return null;
  const read = kept.safeParse(JSON.parse(text));
  return read.success ? read.data : null;
}

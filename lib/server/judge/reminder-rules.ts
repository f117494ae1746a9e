// How a project reminds and for how long its drafts are open: its row, or the defaults. Rows are within bounds by CHECKs.
import type { ProjectName } from '#lib/core/ids.ts';
import { defaultReminderRules, type ReminderRules } from '#lib/core/reminding.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';

/** The rules of a project that exists or not. */
export async function loadReminderRules(tx: Transaction, project: ProjectName): Promise<ReminderRules> {
  const row = await tx.reminderRules.findUnique({ where: { projectName: project } });
  if (row === null) return defaultReminderRules;
  const { firstAfterDays, thenEveryDays, atMost, deadlineDays, warnDaysBefore } = row;
  return { firstAfterDays, thenEveryDays, atMost, deadlineDays, warnDaysBefore };
}

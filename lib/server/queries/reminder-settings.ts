// How a project reminds and for how long its drafts are open, for the page of its people: the numbers, who chose them, and whether the reader may.
import { readAccountName, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import { may, type Actor } from '#lib/core/people.ts';
import type { ReminderRules } from '#lib/core/reminding.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { loadReminderRules } from '#lib/server/judge/reminder-rules.ts';
import { runtime } from '#lib/server/runtime.ts';

export type ReminderSettings = {
  project: ProjectName;
  rules: ReminderRules;
  /** null: nobody chose anything. */
  changed: { by: AccountName; at: Date } | null;
  mayChange: boolean;
};

/** Refuses `person.sign-in-first`, `project.not-found`, `person.may-not`. */
export async function reminderSettings(actor: Actor, claimed: string): Promise<ReminderSettings> {
  const { db } = runtime();
  const { project, role } = await requireRight(db, actor, 'project.see-drafts', claimed);
  const row = await db.reminderRules.findUnique({ where: { projectName: project.name } });
  return {
    project: project.name,
    rules: await loadReminderRules(db, project.name),
    changed: row && { by: readAccountName(row.changedBy), at: row.changedAt },
    mayChange: may(role, 'project.set-reminders'),
  };
}

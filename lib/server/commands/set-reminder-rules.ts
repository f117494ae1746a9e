// An owner chooses how a project reminds and for how long its drafts are open. Not signed: it decides nothing of what is published (decision
// 035). Drafts that are open keep their deadlines; their reminders follow the new rules from now on.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { changesOfReminderRules, readReminderRules, type ReminderRules } from '#lib/core/reminding.ts';
import { change, viaOf } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { loadReminderRules } from '#lib/server/judge/reminder-rules.ts';

export type SetReminderRulesInput = { project: string } & { [name in keyof ReminderRules]: unknown };

/** @throws `person.…`, `project.not-found`, `input.not-a`, `reminders.warned-at-once` */
export async function setReminderRules(actor: Actor, input: SetReminderRulesInput): Promise<{ project: ProjectName }> {
  return change(actor, viaOf(actor), async ({ tx, now, record, actor: by }) => {
    const { project, name } = await requireRight(tx, by, 'project.set-reminders', input.project);
    const rules = readReminderRules(input);
    await lockRow(tx, 'Project', project.name);
    const changes = changesOfReminderRules(await loadReminderRules(tx, project.name), rules);
    if (changes.length === 0) throw refuse('reminders.nothing-changed', {});
    const row = { ...rules, changedBy: name, changedAt: now };
    const where = { projectName: project.name };
    await tx.reminderRules.upsert({ where, update: row, create: { ...where, ...row } });
    await tx.draft.updateMany({ where: { ...where, state: 'draft' }, data: { remindAt: null } });
    await record('reminders.changed', { project: project.name, details: { changes } });
    return { project: project.name };
  });
}

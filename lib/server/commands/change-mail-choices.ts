// What the actor wants of mail, topic by topic, for all projects or for one of theirs: at once, in the daily mail, or not at all. The whole of one
// page at a time, so that what stands there afterwards is what was seen. What protects people is no topic and cannot be named here.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import { allProjects, deliveries, isMailTopic, type Delivery, type MailTopic } from '#lib/core/mail-topics.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { change, type Change, viaOf } from '#lib/server/change.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';

/** `project` null: for all. `choices`: topic → delivery, or null for "as for all projects"; what is not named stays. All hostile. */
export type MailChoicesInput = { project: string | null; choices: Record<string, string | null> };

type Wanted = [topic: MailTopic, delivery: Delivery | null];

function readWanted([topic, claimed]: [string, string | null]): Wanted {
  if (!isMailTopic(topic)) throw refuse('mail.cannot-choose', { claimed: topic.slice(0, 40) });
  const delivery = deliveries.find((one) => one === claimed) ?? null;
  if (claimed !== null && delivery === null)
    throw refuse('input.not-a', {
      what: `a way to get mail (${deliveries.join(', ')})`,
      claimed: claimed.slice(0, 40),
    });
  return [topic, delivery];
}

/** @throws `person.sign-in-first`, `project.not-found`, `person.may-not`, `mail.cannot-choose`, `input.not-a` */
export async function changeMailChoices(actor: Actor, input: MailChoicesInput): Promise<{ changed: number }> {
  const person = requireOwn(actor, 'account');
  return change(actor, viaOf(actor), async (work) => {
    const project = input.project === null ? null : await projectOf(work, input.project);
    const changed: string[] = [];
    for (const [topic, delivery] of Object.entries(input.choices).map(readWanted))
      if (await keep(work, { personName: person, projectName: project ?? allProjects, topic }, delivery))
        changed.push(`${topic}: ${delivery ?? 'as for all projects'}`);
    await work.record('mail.choices-changed', { person, details: { ...(project && { of: project }), changed } });
    return { changed: changed.length };
  });
}

const projectOf = async ({ tx, actor }: Change, claimed: string): Promise<ProjectName> =>
  (await requireRight(tx, actor, 'mail.choose', claimed)).project.name;

/** Whether it stood otherwise before. */
async function keep(
  { tx }: Change,
  id: { personName: string; projectName: string; topic: MailTopic },
  delivery: Delivery | null,
): Promise<boolean> {
  const where = { personName_projectName_topic: id };
  const before = (await tx.mailChoice.findUnique({ where }))?.delivery ?? null;
  if (before === delivery) return false;
  if (delivery === null) await tx.mailChoice.delete({ where });
  else await tx.mailChoice.upsert({ where, create: { ...id, delivery }, update: { delivery } });
  return true;
}

// Switches mail off by the link at its end: of one kind in one project, or all of that project that can be switched off, or the daily mail. The
// token is all that is asked for, so it does no more than that: nothing is switched on, nobody is signed in, and doing it twice is doing it
// once. Opening the link does nothing; the button, or the mail program by RFC 8058, does.
import { refuse } from '#lib/core/errors.ts';
import { allProjects, eventsOf, mailTopics, type MailTopic } from '#lib/core/mail-topics.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, type Change } from '#lib/server/change.ts';
import { readUnsubscribeToken, type Unsubscribed } from '#lib/server/mail/unsubscribe-link.ts';
import { requireRate } from '#lib/server/rate-limits.ts';

/** `all`: everything of the same project that can be switched off. Hostile. */
export type SwitchMailOffInput = { token: string; all: boolean };

const visitor: Actor = { kind: 'visitor' };
const allTopics = Object.keys(mailTopics) as MailTopic[];

/** Whoever asks. @throws `mail.link-unusable`, `request.too-many` */
export async function switchMailOff(input: SwitchMailOffInput): Promise<Unsubscribed> {
  const named = readUnsubscribeToken(input.token);
  if (named === null) throw refuse('mail.link-unusable', {});
  const { person, project, topic } = named;
  await requireRate('mail-switched-off-by-person', person);
  await change(visitor, 'link', async (work) => {
    const known = await work.tx.person.count({ where: { name: person } });
    if (known === 0) throw refuse('mail.link-unusable', {});
    if (topic === 'daily') await endDaily(work, person);
    else for (const one of input.all ? allTopics : [topic]) await switchOff(work, person, project ?? allProjects, one);
    const details = { topic: input.all ? 'all' : topic, ...(project && { of: project }) };
    await work.record('mail.switched-off', { person, details });
  });
  return named;
}

async function switchOff({ tx }: Change, personName: string, projectName: string, topic: MailTopic): Promise<void> {
  const id = { personName, projectName, topic };
  const where = { personName_projectName_topic: id };
  await tx.mailChoice.upsert({ where, create: { ...id, delivery: 'off' }, update: { delivery: 'off' } });
  await tx.digestItem.deleteMany({
    where: { personName, ...(projectName === allProjects ? {} : { projectName }), event: { in: eventsOf(topic) } },
  });
}

/** Everything that was chosen to come in it is off; what waits for it does not come any more. */
async function endDaily({ tx }: Change, personName: string): Promise<void> {
  await tx.mailChoice.updateMany({ where: { personName, delivery: 'daily' }, data: { delivery: 'off' } });
  await tx.digestItem.deleteMany({ where: { personName } });
}

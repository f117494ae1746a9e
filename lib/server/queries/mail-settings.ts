// What the reader chose of mail: for all projects or for one of theirs, topic by topic, and when it comes.
import { readProjectName, type ProjectName } from '#lib/core/ids.ts';
import type { MailHours } from '#lib/core/local-time.ts';
import {
  allProjects,
  chosenFor,
  deliveryFor,
  mailTopics,
  type Delivery,
  type MailChoice,
  type MailTopic,
} from '#lib/core/mail-topics.ts';
import { requireOwn, type Actor } from '#lib/core/people.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { loadMailHours } from '#lib/server/mail/mail-hours.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadMailTrouble, type MailTrouble } from './mail-trouble.ts';
import { ownAddresses } from './own-addresses.ts';

/** `chosen` null: as for all projects (or, for all, nothing was chosen); `comes`: what holds. */
export type TopicRow = { topic: MailTopic; title: string; says: string; chosen: Delivery | null; comes: Delivery };

const rowsOf = (choices: readonly MailChoice[], project: ProjectName | null): TopicRow[] =>
  (Object.keys(mailTopics) as MailTopic[]).map((topic) => ({
    ...{ topic, title: mailTopics[topic].title, says: mailTopics[topic].says },
    chosen: chosenFor(choices, project ?? allProjects, topic),
    comes: deliveryFor(choices, project, topic),
  }));

export type MailSettings = {
  /** Where it goes. */
  address: string;
  /** Mail to the reader that did not arrive lately. */
  trouble: MailTrouble[];
  topics: TopicRow[];
  hours: MailHours;
  /** The reader's projects, and whether something else was chosen there. */
  projects: { name: ProjectName; hasOwn: boolean }[];
};

/** Refuses `person.sign-in-first`. */
export async function mailSettings(actor: Actor): Promise<MailSettings> {
  const person = requireOwn(actor, 'account');
  const { db, clock } = runtime();
  const choices = await db.mailChoice.findMany({ where: { personName: person } });
  const trouble = await loadMailTrouble(db, { toPerson: person }, clock.now());
  const rows = await db.membership.findMany({ where: { personName: person }, orderBy: { projectName: 'asc' } });
  const [address = ''] = await ownAddresses(actor);
  const projects = rows.map(({ projectName }) => ({
    name: readProjectName(projectName),
    hasOwn: choices.some((choice) => choice.projectName === projectName),
  }));
  return {
    address,
    trouble,
    topics: rowsOf(choices, null),
    hours: (await loadMailHours(db, [person]))(person),
    projects,
  };
}

export type ProjectMailSettings = { project: ProjectName; topics: TopicRow[] };

/** Refuses `person.sign-in-first`, `project.not-found`, `person.may-not`. */
export async function projectMailSettings(actor: Actor, claimed: string): Promise<ProjectMailSettings> {
  const { db } = runtime();
  const { name, project } = await requireRight(db, actor, 'mail.choose', claimed);
  const choices = await db.mailChoice.findMany({ where: { personName: name } });
  return { project: project.name, topics: rowsOf(choices, project.name) };
}

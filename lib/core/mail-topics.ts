// Which mails there are, under the headings by which a person chooses: for each event a topic that can be had at once, once a day or not at
// all, or a reason why it always comes. The one list: a letter whose event does not stand here does not compile, so that nobody can
// forget to decide. What protects people (sign-in, keys, who is in a project, its rules, quarantine) cannot be switched off by anybody,
// because whoever took over a session would switch it off first.

/** How a topic is wanted. */
export const deliveries = ['at-once', 'daily', 'off'] as const;
export type Delivery = (typeof deliveries)[number];

/** What can be chosen, in the order in which it is shown. `names`: inside a sentence, "mail that …". */
export const mailTopics = {
  'needs-signature': {
    title: 'A draft needs your signature',
    says: 'Somebody opened one, or its files changed after you signed.',
    names: 'asks for your signature',
  },
  reminder: {
    title: 'Reminders',
    says: 'A draft still waits for you, or ends soon.',
    names: 'reminds you of drafts',
  },
  'draft-news': {
    title: 'How a draft goes on',
    says: 'Somebody declined it or took that back, or it has its signatures.',
    names: 'says how drafts go on',
  },
  comments: {
    title: 'Comments on a draft',
    says: 'Somebody of the project wrote something about one.',
    names: 'tells what people write about drafts',
  },
  'draft-ended': {
    title: 'A draft ended',
    says: 'It was withdrawn, or its deadline passed.',
    names: 'says that drafts were withdrawn or expired',
  },
  published: {
    title: 'A release is published',
    says: 'It stands in the index, with your name if you signed it; or it could not be uploaded to another index.',
    names: 'says what is published',
  },
  declared: {
    title: 'A release is yanked, a project archived',
    says: 'An owner declared it, or took it back.',
    names: 'says what owners declare',
  },
} as const;
export type MailTopic = keyof typeof mailTopics;

/** What always comes, and at once. */
export const requiredMail = {
  'sign-in': 'Signing in, passkeys, tokens, other indexes and your mail addresses',
  keys: 'Your keys, and keys of projects that you own',
  people: 'Who joins or leaves your projects, and invitations',
  policy: 'The rules of your projects: proposals, and what is in force',
  quarantine: 'Releases that are quarantined, and signed again',
} as const;
export type RequiredMail = keyof typeof requiredMail;

/** Event → topic, or why it is required. `digest`: the daily mail itself. */
export const mailEvents = {
  'draft.opened': 'needs-signature',
  'draft.revised': 'needs-signature',
  'draft.reminder': 'reminder',
  'draft.ends-soon': 'reminder',
  'draft.declined': 'draft-news',
  'decline.lifted': 'draft-news',
  'draft.waits': 'draft-news',
  'draft.approved': 'draft-news',
  'draft.rebuilt-otherwise': 'draft-news',
  'draft.commented': 'comments',
  'draft.withdrawn': 'draft-ended',
  'draft.expired': 'draft-ended',
  'release.published': 'published',
  'elsewhere.failed': 'published',
  'release.yanked': 'declared',
  'release.unyanked': 'declared',
  'project.status-changed': 'declared',
  'mail.digest': 'digest',
  'sign-in': 'sign-in',
  'session.started': 'sign-in',
  'passkey.added': 'sign-in',
  'passkey.removed': 'sign-in',
  'token.made': 'sign-in',
  'elsewhere.changed': 'sign-in',
  'address.confirm': 'sign-in',
  'address.change-asked': 'sign-in',
  'address.changed': 'sign-in',
  'key.added': 'keys',
  'key.challenge': 'keys',
  'key.expiring': 'keys',
  'key.lost': 'keys',
  'key.revoked': 'keys',
  invitation: 'people',
  'invitation.accepted': 'people',
  'role.changed': 'people',
  'policy.opened': 'policy',
  'policy.in-force': 'policy',
  'policy.withdrawn': 'policy',
  'policy.expired': 'policy',
  'chain.proposed': 'policy',
  'chain.waits': 'policy',
  'release.quarantined': 'quarantine',
  'release.published-again': 'quarantine',
} as const satisfies Record<string, MailTopic | RequiredMail | 'digest'>;
export type MailEvent = keyof typeof mailEvents;

/** Whether this names a topic that can be chosen. Hostile input. */
export const isMailTopic = (claimed: string): claimed is MailTopic => Object.hasOwn(mailTopics, claimed);

/** The topic of an event; null: it always comes at once. */
export function topicOf(event: MailEvent): MailTopic | null {
  const found: string = mailEvents[event];
  return isMailTopic(found) ? found : null;
}

/** The events under a topic. */
export const eventsOf = (topic: MailTopic): MailEvent[] =>
  (Object.keys(mailEvents) as MailEvent[]).filter((event) => mailEvents[event] === topic);

/** For all projects, in place of a project's name. */
export const allProjects = '*';

/** What a form says for a topic of one project that follows the choice for all. */
export const asForAll = 'as-for-all';

/** What a person chose; what is not there stands as for all projects, and else at once. */
export type MailChoice = { projectName: string; topic: string; delivery: string };

const isDelivery = (claimed: string | undefined): claimed is Delivery => deliveries.some((one) => one === claimed);

/** What was chosen for exactly this project (or for all); null: nothing. */
export function chosenFor(choices: readonly MailChoice[], project: string, topic: MailTopic): Delivery | null {
  const found = choices.find((choice) => choice.projectName === project && choice.topic === topic)?.delivery;
  return isDelivery(found) ? found : null;
}

/** How mail of this topic is wanted: by the choice for the project, else by the one for all, else at once. */
export const deliveryFor = (choices: readonly MailChoice[], project: string | null, topic: MailTopic): Delivery =>
  (project === null ? null : chosenFor(choices, project, topic)) ?? chosenFor(choices, allProjects, topic) ?? 'at-once';

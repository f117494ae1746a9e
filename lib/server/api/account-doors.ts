// One's own account for programs: keys and tokens as lists, what mail comes, and ending what is open. Nothing here adds a key, an address or a way to
// sign in: that takes the person, who signed in a moment ago.
import { z } from 'zod';
import { scopes as allScopes } from '#lib/core/people.ts';
import { changeMailChoices } from '#lib/server/commands/change-mail-choices.ts';
import { changeMailHours } from '#lib/server/commands/change-mail-hours.ts';
import { endPersonFeed } from '#lib/server/commands/make-person-feed.ts';
import { revokeMyLinks } from '#lib/server/commands/revoke-links.ts';
import { revokePersonToken } from '#lib/server/commands/revoke-person-token.ts';
import { accountKeys } from '#lib/server/queries/account-keys.ts';
import { mailSettings, type MailSettings } from '#lib/server/queries/mail-settings.ts';
import { personTokensPage } from '#lib/server/queries/person-tokens.ts';
import { fieldsBody } from './body.ts';
import { door, type Door } from './door.ts';
import { paged, pageQuery, pageShape } from './paged.ts';
import { count, fingerprintText, moment, projectName, rowId, textLike } from './shapes.ts';

const about = 'Your account';
const scopes = ['account'] as const;
const ended = { 200: z.strictObject({ ended: z.literal(true) }) };
const hour = (example: number) => count(example).nullable();

const key = z.strictObject({
  ...{ fingerprint: fingerprintText, state: textLike('active') },
  ...{ algorithm: textLike('Ed25519'), userIds: z.array(textLike('Ada <ada@example.org>')) },
  ...{ created: moment, expires: moment.nullable(), addedAt: moment, provenAt: moment.nullable() },
  projects: z.array(projectName),
});
const token = z.strictObject({
  ...{ id: rowId, name: textLike('laptop'), scopes: z.array(z.enum(allScopes)), project: projectName.nullable() },
  ...{ createdAt: moment, expiresAt: moment, lastUsedAt: moment.nullable(), state: textLike('live') },
});
const delivery = textLike('daily');
const hours = z.strictObject({
  timeZone: textLike('Europe/Berlin'),
  quietFrom: hour(22),
  quietTo: hour(7),
  digestHour: count(8),
});

const hoursOf = ({ hours: { timeZone, quietFrom, quietTo, digestHour } }: MailSettings) => ({
  ...{ timeZone, quietFrom, quietTo, digestHour },
});

export const accountDoors: readonly Door[] = [
  door({
    ...{ method: 'GET', path: 'account/keys', about, scopes, query: pageQuery },
    says: 'Your keys, newest first.',
    answers: { 200: pageShape(key) },
    answer: async (asked) => paged(asked, await accountKeys(asked.actor), ({ fingerprint }) => fingerprint),
  }),
  door({
    ...{ method: 'GET', path: 'account/tokens', about, scopes, query: pageQuery },
    says: 'Your tokens, newest first; never the tokens themselves.',
    answers: { 200: pageShape(token) },
    answer: async (asked) => paged(asked, (await personTokensPage(asked.actor)).tokens, ({ id }) => id),
  }),
  door({
    ...{ method: 'DELETE', path: 'account/tokens/{token}', about, scopes },
    says: 'Revokes a token of yours, also the one that asks.',
    answers: ended,
    answer: async ({ actor, names }) => {
      await revokePersonToken(actor, { token: names['token'] ?? '' });
      return { json: { ended: true } };
    },
  }),
  door({
    ...{ method: 'DELETE', path: 'account/links', about, scopes },
    says: 'Ends every personal link that was mailed to you.',
    answers: ended,
    answer: async ({ actor }) => {
      await revokeMyLinks(actor);
      return { json: { ended: true } };
    },
  }),
  door({
    ...{ method: 'DELETE', path: 'account/feed', about, scopes },
    says: 'Ends the address of your feed.',
    answers: ended,
    answer: async ({ actor }) => {
      await endPersonFeed(actor);
      return { json: { ended: true } };
    },
  }),
  door({
    ...{ method: 'GET', path: 'account/mail', about, scopes },
    says: 'What mail comes, and when.',
    answers: {
      200: z.strictObject({
        ...{ address: textLike('ada@example.org'), hours },
        topics: z.array(z.strictObject({ topic: textLike('published'), chosen: delivery.nullable(), comes: delivery })),
      }),
    },
    answer: async ({ actor }) => {
      const settings = await mailSettings(actor);
      const { address, topics } = settings;
      return {
        json: {
          address,
          hours: hoursOf(settings),
          topics: topics.map(({ topic, chosen, comes }) => ({ topic, chosen, comes })),
        },
      };
    },
  }),
  door({
    ...{ method: 'PUT', path: 'account/mail/choices', about, scopes },
    says: 'Chooses for topics how they come: in one project, or (`project` null) in all. Null takes a choice back.',
    body: fieldsBody(
      z.strictObject({
        project: z.string().nullable().default(null),
        choices: z.record(z.string(), z.string().nullable()),
      }),
      { project: null, choices: { published: 'daily' } },
    ),
    answers: { 200: z.strictObject({ changed: z.int() }) },
    answer: async ({ actor, body }) => ({ json: await changeMailChoices(actor, body) }),
  }),
  door({
    ...{ method: 'PUT', path: 'account/mail/hours', about, scopes },
    says: 'Sets your time zone, quiet hours (both or neither) and the hour of the daily mail.',
    body: fieldsBody(hours, { timeZone: 'Europe/Berlin', quietFrom: 22, quietTo: 7, digestHour: 8 }),
    answers: { 200: hours },
    answer: async ({ actor, body }) => {
      await changeMailHours(actor, body);
      return { json: hoursOf(await mailSettings(actor)) };
    },
  }),
];

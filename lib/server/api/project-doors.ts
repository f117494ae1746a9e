// Projects for programs: what their pages show of drafts, releases and people, and the rules of reminding.
import { z } from 'zod';
import { createProject } from '#lib/server/commands/create-project.ts';
import { revokeInvitation } from '#lib/server/commands/revoke-invitation.ts';
import { setReminderRules } from '#lib/server/commands/set-reminder-rules.ts';
import { myProjects } from '#lib/server/queries/my-projects.ts';
import { peoplePage } from '#lib/server/queries/people-page.ts';
import { projectPage } from '#lib/server/queries/project-page.ts';
import { reminderSettings } from '#lib/server/queries/reminder-settings.ts';
import { runtime } from '#lib/server/runtime.ts';
import { fieldsBody } from './body.ts';
import { door, type Asked, type Door } from './door.ts';
import { projectOf } from './draft-doors.ts';
import { paged, pageQuery, pageShape } from './paged.ts';
import {
  accountName,
  count,
  draftId,
  fileName,
  fingerprintText,
  moment,
  projectName,
  rowId,
  seldom,
  sha256Text,
  textLike,
  versionText,
} from './shapes.ts';

const about = 'Projects';
const role = z.enum(['owner', 'maintainer', 'invited', 'none']);
const page = ({ names }: Pick<Asked, 'names'>): string =>
  `${runtime().config.publicUrl}/projects/${names['project'] ?? ''}`;

const project = z.strictObject({
  ...{ name: projectName, createdBy: accountName, createdAt: moment, role, page: z.url() },
  status: z.strictObject({ is: textLike('active'), reason: seldom(z.string()) }),
  policy: z
    .strictObject({
      ...{ version: count(2), sha256: sha256Text, effectiveAt: moment, threshold: count(2), ownerThreshold: z.int() },
      ...{ openerCounts: z.boolean(), waitHours: z.number().meta({ examples: [0] }), fileSignatures: z.boolean() },
    })
    .nullable(),
  openPolicy: seldom(z.int()).meta({
    examples: [null],
    description: 'The version of the change that waits for signatures.',
  }),
});

const draftRow = z.strictObject({
  ...{ draft: draftId, version: versionText, revision: count(3), state: textLike('draft'), openedBy: accountName },
  ...{ openedAt: moment, deadline: moment, files: count(2), bytes: count(96426), counted: z.array(accountName) },
  required: count(2),
  couldStillSign: z.array(accountName).meta({ examples: [['bo']] }),
  declinedBy: z.array(accountName).meta({ examples: [[]] }),
});

const release = z.strictObject({
  ...{ version: versionText, publishedAt: moment, state: z.enum(['published', 'yanked', 'quarantined']) },
  ...{ reason: seldom(z.string()), belowSince: seldom(moment), draft: draftId.nullable() },
  record: z
    .strictObject({ serial: z.int(), policy: count(2), threshold: count(2), signedBy: z.array(accountName) })
    .nullable(),
  files: z.array(z.strictObject({ name: fileName, sha256: sha256Text, size: count(48213) })),
});

const ended = z.looseObject({ name: accountName });
const people = z.strictObject({
  people: z.array(
    z.strictObject({
      ...{ name: accountName, role: z.enum(['owner', 'maintainer']), canSign: z.boolean(), since: moment.nullable() },
      keys: z.array(
        z.strictObject({ fingerprint: fingerprintText, state: textLike('active'), since: moment.nullable() }),
      ),
    }),
  ),
  ...{ retired: z.array(ended), struck: z.array(ended) },
  invitations: z
    .array(
      z.strictObject({
        ...{ id: rowId, role: z.enum(['owner', 'maintainer']), invitedBy: accountName, createdAt: moment },
        ...{
          expiresAt: moment,
          state: textLike('waiting'),
          acceptedBy: seldom(accountName),
          key: seldom(fingerprintText),
        },
      }),
    )
    .nullable(),
});

const days = z.union([z.string(), z.int()]);
const rules = { firstAfterDays: days, thenEveryDays: days, atMost: days, deadlineDays: days, warnDaysBefore: days };
const rulesShape = z.strictObject({
  ...{ firstAfterDays: z.int(), thenEveryDays: z.int(), atMost: z.int(), deadlineDays: z.int() },
  warnDaysBefore: z.int(),
});

export const projectDoors: readonly Door[] = [
  door({
    ...{ method: 'GET', path: 'projects', about, scopes: ['read'], query: pageQuery },
    says: 'The projects of the person, by name.',
    answers: { 200: pageShape(z.strictObject({ name: projectName, role: z.enum(['owner', 'maintainer']) })) },
    answer: async (asked) => paged(asked, await myProjects(asked.actor), ({ name }) => name),
  }),
  door({
    ...{ method: 'POST', path: 'projects', about, scopes: ['manage'] },
    says: 'Creates a project. Its first policy, which names only you, waits for your signature.',
    body: fieldsBody(z.strictObject({ name: z.string(), threshold: z.union([z.string(), z.int()]), key: z.string() }), {
      ...{ name: 'sunrise', threshold: 2, key: '0'.repeat(40) },
    }),
    answers: { 201: z.strictObject({ project: projectName, version: z.int() }) },
    answer: async ({ actor, body }) => {
      const { name, threshold, key } = body;
      return { status: 201, json: await createProject(actor, { name, key, threshold: Number(threshold) }) };
    },
  }),
  door({
    ...{ method: 'GET', path: 'projects/{project}', about, scopes: ['read'] },
    says: 'A project: your role, its status, its policy in force, and the change that waits for signatures.',
    answers: { 200: project },
    answer: async (asked) => {
      const {
        name,
        createdBy,
        createdAt,
        role: mine,
        status,
        policy,
        openPolicy,
      } = await projectPage(asked.actor, projectOf(asked));
      const { people: _, ...facts } = policy ?? { people: [] };
      const told = { name, createdBy, createdAt, role: mine, page: page(asked), status };
      return { json: { ...told, policy: policy && facts, openPolicy: openPolicy?.version ?? null } };
    },
  }),
  door({
    ...{ method: 'GET', path: 'projects/{project}/drafts', about, scopes: ['read'], query: pageQuery },
    says: 'The drafts of a project that are not published, newest first.',
    answers: { 200: pageShape(draftRow) },
    answer: async (asked) => {
      const { drafts } = await projectPage(asked.actor, projectOf(asked));
      const rows = (drafts ?? []).map(
        ({ id: draft, version, revision, state, openedBy, openedAt, deadline, ...row }) => ({
          ...{ draft, version, revision, state, openedBy, openedAt, deadline, files: row.files, bytes: row.bytes },
          ...{ counted: row.counted, required: row.required, couldStillSign: row.couldStillSign },
          declinedBy: row.declinedBy,
        }),
      );
      return paged(asked, rows, ({ draft }) => draft);
    },
  }),
  door({
    ...{ method: 'GET', path: 'projects/{project}/releases', about, scopes: ['read'], query: pageQuery },
    says: 'The releases of a project, newest first, with their records.',
    answers: { 200: pageShape(release) },
    answer: async (asked) => {
      const { releases } = await projectPage(asked.actor, projectOf(asked));
      const rows = releases.map(({ version, publishedAt, state, reason, belowSince, draft, record, files }) => ({
        ...{ version, publishedAt, state, reason, belowSince, draft, record, files },
      }));
      return paged(asked, rows, ({ version }) => version);
    },
  }),
  door({
    ...{ method: 'GET', path: 'projects/{project}/people', about, scopes: ['read'] },
    says: 'The people of a project with their keys, who ended, and (for its people) the invitations.',
    answers: { 200: people },
    answer: async (asked) => {
      const told = await peoplePage(asked.actor, projectOf(asked));
      const invitations = told.invitations?.map(
        ({ id, role: as, invitedBy, createdAt, expiresAt, state, acceptedBy, key }) => ({
          ...{ id, role: as, invitedBy, createdAt, expiresAt, state, acceptedBy, key },
        }),
      );
      return {
        json: { people: told.people, retired: told.retired, struck: told.struck, invitations: invitations ?? null },
      };
    },
  }),
  door({
    ...{ method: 'DELETE', path: 'invitations/{invitation}', about, scopes: ['manage'] },
    says: 'Ends an invitation (for owners).',
    answers: { 200: z.strictObject({ project: projectName }) },
    answer: async ({ actor, names }) => ({
      json: await revokeInvitation(actor, { invitation: names['invitation'] ?? '' }),
    }),
  }),
  door({
    ...{ method: 'GET', path: 'projects/{project}/reminders', about, scopes: ['read'] },
    says: 'How the project reminds its people, in days.',
    answers: { 200: rulesShape },
    answer: async (asked) => ({ json: (await reminderSettings(asked.actor, projectOf(asked))).rules }),
  }),
  door({
    ...{ method: 'PUT', path: 'projects/{project}/reminders', about, scopes: ['manage'] },
    says: 'Sets how the project reminds its people (for owners).',
    body: fieldsBody(z.strictObject(rules), {
      ...{ firstAfterDays: 2, thenEveryDays: 3, atMost: 5, deadlineDays: 30, warnDaysBefore: 3 },
    }),
    answers: { 200: z.strictObject({ project: projectName }) },
    answer: async (asked) => ({
      json: await setReminderRules(asked.actor, { project: projectOf(asked), ...asked.body }),
    }),
  }),
];

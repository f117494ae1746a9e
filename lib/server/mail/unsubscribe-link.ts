// The link at the end of a mail by which it can be switched off without signing in (RFC 8058). Its token names person, project and topic, and is
// sealed with a key that is derived from the secret of the instance: nothing is stored, the same mail always has the same link, and nobody can
// make one for somebody else. It switches mail off and does nothing else; it is no way in. Tokens are hostile until their seal is checked.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { readAccountName, readProjectName, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import { allProjects, isMailTopic, type MailTopic } from '#lib/core/mail-topics.ts';
import { runtime } from '#lib/server/runtime.ts';
import { linkTo } from './link.ts';

/** What a link switches off. `daily`: the daily mail, so all that is chosen to come in it. project null: for all projects. */
export type Unsubscribed = { person: AccountName; project: ProjectName | null; topic: MailTopic | 'daily' };

/** The form of a token in an address. */
export const unsubscribeToken = /^[A-Za-z0-9_-]{1,600}\.[A-Za-z0-9_-]{43}$/;

const sealingKey = (): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', runtime().secrets.session, '', 'countersign unsubscribe 1', 32));

const sealOf = (named: string): Buffer => createHmac('sha256', sealingKey()).update(named).digest();

/** The address that switches this off. */
export function unsubscribeLink({ person, project, topic }: Unsubscribed): string {
  const named = Buffer.from([person, project ?? allProjects, topic].join(' ')).toString('base64url');
  return linkTo(`/unsubscribe/${named}.${sealOf(named).toString('base64url')}`);
}

const namedForm = /^(\S+) (\S+) (\S+)$/;

/** What stands in a token, if we made it; null: anything else. */
function openToken(token: string): RegExpExecArray | null {
  if (!unsubscribeToken.test(token)) return null;
  const [named = '', seal = ''] = token.split('.');
  const isOurs = timingSafeEqual(Buffer.from(seal, 'base64url'), sealOf(named));
  return isOurs ? namedForm.exec(Buffer.from(named, 'base64url').toString()) : null;
}

/** What a token names; null: nothing of ours, or a topic that there was once. */
export function readUnsubscribeToken(token: string): Unsubscribed | null {
  const [, person, project, topic] = openToken(token) ?? [];
  if (person === undefined || topic === undefined) return null;
  if (topic !== 'daily' && !isMailTopic(topic)) return null;
  return {
    ...{ person: readAccountName(person), topic },
    project: project === allProjects ? null : readProjectName(project),
  };
}

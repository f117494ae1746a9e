// Sets, or takes away, the other index to which releases of a project are uploaded once they are published here. It holds a secret of that index and gives
// files away in the project's name, so it takes an owner with a recent sign-in, and every owner is told. Earlier releases are not uploaded by it.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readAccountName, type AccountName, type ProjectName } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change, type Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { elsewhereChangedLetter } from '#lib/server/mail/letters/elsewhere-changed.ts';
import { seal } from '#lib/server/other-index/seal.ts';
import { runtime } from '#lib/server/runtime.ts';
import { readWebhookAddress } from '#lib/server/webhooks/address.ts';

/** All hostile. `simple` may be empty. */
export type SetOtherIndexInput = { project: string; url: string; simple: string; username: string; secret: string };

type Owned = { project: ProjectName; name: AccountName };

/** @throws `person.…`, `project.not-found`, `session.not-fresh`, `elsewhere.address`, `elsewhere.simple`, `elsewhere.secret` */
export async function setOtherIndex(actor: Actor, input: SetOtherIndexInput): Promise<void> {
  await change(actor, 'web', async (work) => {
    const { tx, now } = work;
    const { project, name } = await lockElsewhere(work, actor, input.project);
    const url = readAddress(input.url, 'elsewhere.address');
    if (url.host === new URL(runtime().config.publicUrl).host)
      throw refuse('elsewhere.address', { why: 'it is this index itself' });
    const simple = input.simple.trim() === '' ? null : readAddress(input.simple.trim(), 'elsewhere.simple').href;
    const { username, secret } = readSecret(input);
    const about = { projectName: project, url: url.href, username };
    const row = { simple, username, sealed: seal(secret, about), setBy: name, setAt: now, url: url.href };
    await tx.otherIndex.upsert({
      where: { projectName: project },
      create: { projectName: project, ...row },
      update: row,
    });
    await tellChanged(work, { project, name }, url.host, 'set');
  });
}

/** @throws `person.…`, `project.not-found`, `session.not-fresh`, `elsewhere.not-found` */
export async function removeOtherIndex(actor: Actor, input: { project: string }): Promise<void> {
  await change(actor, 'web', async (work) => {
    const owned = await lockElsewhere(work, actor, input.project);
    const where = { projectName: owned.project };
    const row = await work.tx.otherIndex.findUnique({ where });
    if (row === null) throw refuse('elsewhere.not-found', {});
    await work.tx.otherIndex.delete({ where });
    await tellChanged(work, owned, new URL(row.url).host, 'removed');
  });
}

async function lockElsewhere({ tx, now }: Change, actor: Actor, claimed: string): Promise<Owned> {
  const { project, name } = await requireRight(tx, actor, 'elsewhere.manage', claimed);
  requireFresh(actor, now.getTime());
  await lockRow(tx, 'Project', project.name);
  return { project: project.name, name };
}

/** The rules of webhook addresses: https, on the public internet, or a host that the operator named. */
function readAddress(claimed: string, code: 'elsewhere.address' | 'elsewhere.simple'): URL {
  try {
    return readWebhookAddress(claimed);
  } catch (fault) {
    if (!isRefusal(fault) || fault.code !== 'webhook.address') throw fault;
    throw refuse(code, { why: (fault.details as { why: string }).why }, fault);
  }
}

function readSecret({ username, secret }: SetOtherIndexInput): { username: string; secret: string } {
  const isUser = /^[\x21-\x39\x3b-\x7e]{1,200}$/.test(username);
  const isSecret = /^[\x21-\x7e]{1,2000}$/.test(secret);
  if (!isUser || !isSecret) throw refuse('elsewhere.secret', {});
  return { username, secret };
}

async function tellChanged(
  work: Change,
  { project, name }: Owned,
  host: string,
  what: 'set' | 'removed',
): Promise<void> {
  await work.record(`elsewhere.${what}`, { project, details: { host } });
  const owners = await work.tx.membership.findMany({ where: { projectName: project, role: 'owner' } });
  const names = [name, ...owners.map(({ personName }) => readAccountName(personName))];
  const letter = elsewhereChangedLetter({ project, host, by: name, at: work.now, what });
  await tellPeople(work, names, () => letter);
}

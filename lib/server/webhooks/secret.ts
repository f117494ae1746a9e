// The secrets of webhooks (docs/decisions/033-webhooks.md): none is stored. Each is derived from its random id and the instance's webhook key,
// which stands in no row, so that a copy of the database signs nothing. The row keeps a digest: a program that has another key (a second
// machine without the setting) finds out and sends nothing, instead of signing with what no receiver knows.
import { createHmac, randomBytes } from 'node:crypto';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { after } from '#lib/server/clock.ts';
import type { Change } from '#lib/server/change.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import { renderSecret } from './sign.ts';

/** 256 bits (the specification asks for 24 to 64 bytes), bound to this id. */
function derive(id: string): string {
  const key = runtime().secrets.webhooks;
  return renderSecret(createHmac('sha256', key).update(`countersign webhook secret 1\n${id}\n`).digest());
}

const digestOf = (secret: string): string => sha256Hex(Buffer.from(secret));

/**
 * Makes the newest secret of a webhook and answers it: the one time that it is shown. The one before goes on signing beside it for a day, or
 * ends now. The caller holds the lock on the webhook's project.
 */
export async function makeSecret(
  { tx, now }: Change,
  webhookId: string,
  by: string,
  earlier: 'overlaps' | 'ends-now',
): Promise<string> {
  const endsAt = earlier === 'overlaps' ? after(now, limits.webhookSecretOverlapMs) : now;
  if (earlier === 'ends-now')
    await tx.webhookSecret.updateMany({ where: { webhookId, endsAt: { gt: now } }, data: { endsAt: now } });
  await tx.webhookSecret.updateMany({ where: { webhookId, endsAt: null }, data: { endsAt, currentSlot: null } });
  const id = randomBytes(16).toString('hex');
  const secret = derive(id);
  const made = { createdBy: by, createdAt: now };
  await tx.webhookSecret.create({
    data: { id, webhookId, sha256: digestOf(secret), currentSlot: webhookId, ...made },
  });
  return secret;
}

/** The secrets that sign now, newest first; null: this program does not have the key that they were made with. */
export async function secretsOf(tx: Transaction, webhookId: string, now: Date): Promise<string[] | null> {
  const rows = await tx.webhookSecret.findMany({
    where: { webhookId, OR: [{ endsAt: null }, { endsAt: { gt: now } }] },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  });
  const secrets = rows.map(({ id, sha256 }) => ({ secret: derive(id), sha256 }));
  if (secrets.length === 0 || secrets.some(({ secret, sha256 }) => digestOf(secret) !== sha256)) return null;
  return secrets.map(({ secret }) => secret);
}

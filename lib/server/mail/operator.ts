// Whoever runs the instance has no account here (and so no way to sign, publish or change a rule): a secret in the data folder opens the pages of the
// operator, also while mail is down and nobody can sign in by it. A wrong secret looks like a page that is not there.
import { timingSafeEqual } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';

/** @throws `operator.not-found` */
export function requireOperator(secret: string): void {
  const isRight = timingSafeEqual(Buffer.from(hashToken(secret)), Buffer.from(hashToken(runtime().secrets.operator)));
  if (!isRight) throw refuse('operator.not-found', {});
}

// Which request a piece of work belongs to, wherever it runs: so that the reference which a person quotes is the id that stands in the log, and the line of a
// request names the code of its refusal. The id comes from the proxy in front where it sends a plain one (X-Request-Id), else it is made here; it
// is only ever written down. Kept in globalThis: Next has a copy of this module of its own.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** `code`: of the last refusal that was made into an answer. */
export type ThisRequest = { readonly id: string; code: string | null };

const key = Symbol.for('countersign.this-request');
const place = globalThis as { [key]?: AsyncLocalStorage<ThisRequest> };
const storage = (): AsyncLocalStorage<ThisRequest> => (place[key] ??= new AsyncLocalStorage());

/** The id of a new request: what the proxy calls it (hostile where there is no proxy), or ten random digits. */
export const requestId = (claimed: string | string[] | undefined): string =>
  typeof claimed === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(claimed) ? claimed : randomBytes(5).toString('hex');

/** Does the work as part of this request. */
export const asRequest = <T>(request: ThisRequest, work: () => T): T => storage().run(request, work);

/** The request that is being answered; null outside of one. */
export const thisRequest = (): ThisRequest | null => storage().getStore() ?? null;

// How often a stranger may ask for sign-in mails and try links (threats.md, 65 and 66): per address against mail bombing, per client against enumeration and
// guessing. So for keys, in both directions, and for refusals that history keeps. Counted in the database, by one statement for each try, so that all web programs
// of an instance count together; who is over the limit is remembered by the process and asks the database no more. Called outside of changes: a try
// counts whatever becomes of it. No address of anybody is kept, only a keyed hash.
import { createHmac } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { refuse } from '#lib/core/errors.ts';
import { limits } from './limits.ts';
import { runtime, type Runtime } from './runtime.ts';

const windows = {
  'sign-in-mail-to-address': limits.signInMailsPerAddress,
  'sign-in-mail-by-client': limits.signInMailsPerClient,
  'sign-in-confirmation-by-client': limits.signInConfirmationsPerClient,
  'address-change-by-person': limits.addressChangesPerPerson,
  'invitation-mail-by-person': limits.invitationsPerPerson,
  'key-challenge-mail-by-person': limits.keyChallengeMailsPerPerson,
  'key-token-by-person': limits.keyTokensPerPerson,
  'key-fetch-by-person': limits.keyFetchesPerPerson,
  'key-lookup-by-client': limits.keyLookupsPerClient,
  'webhook-test-by-person': limits.webhookTestsPerPerson,
  'elsewhere-by-person': limits.elsewhereSendsPerPerson,
  'feed-read-by-client': limits.feedReadsPerClient,
  'status-read-by-client': limits.statusReadsPerClient,
  'mail-switched-off-by-person': limits.mailSwitchedOffPerPerson,
  'kept-refusal-by-person': limits.keptRefusalsPerPerson,
  'evidence-by-client': limits.evidencePerClient,
  'upload-by-link': limits.uploadsPerLink,
  'words-by-person': limits.wordsPerPerson,
  'preview-read-by-client': limits.previewReadsPerClient,
  'cosignature-by-client': limits.cosignaturesPerClient,
  'dead-link-by-client': limits.deadLinksPerClient,
  'dead-token-by-client': limits.deadTokensPerClient,
  'request-by-token': limits.requestsPerToken,
} as const;

export type RateLimit = keyof typeof windows;

const limitersOf = new WeakMap<Runtime, Map<RateLimit, RateLimiterPostgres>>();

function limiter(name: RateLimit): RateLimiterPostgres {
  const all = limitersOf.get(runtime()) ?? new Map<RateLimit, RateLimiterPostgres>();
  limitersOf.set(runtime(), all);
  const made = all.get(name) ?? makeLimiter(name, windows[name]);
  all.set(name, made);
  return made;
}

/** Their statements, by whichever database is open. */
const makeLimiter = (name: RateLimit, points: number): RateLimiterPostgres =>
  new RateLimiterPostgres({
    ...{ keyPrefix: name, points, duration: limits.signInWindowSeconds, inMemoryBlockOnConsumed: points },
    ...{ tableName: 'RateLimit', tableCreated: true, clearExpiredByTimeout: false },
    ...{ storeType: 'client', storeClient: { query } },
  });

type Counted = { points: number; expire: bigint };

/** The window ends by a time in milliseconds, which the library computes with. */
async function query({ text, values }: { text: string; values: unknown[] }): Promise<{ rows: object[] }> {
  const rows = await runtime().db.$queryRawUnsafe<Counted[]>(text, ...values);
  return { rows: rows.map(({ points, expire }) => ({ points, expire: Number(expire) })) };
}

/** Keyed: a table of all addresses would undo a plain hash. */
const hashed = (key: string): string => createHmac('sha256', runtime().secrets.session).update(key).digest('hex');

const consume = (name: RateLimit, key: string): Promise<RateLimiterRes> => limiter(name).consume(hashed(key));

/** For jobs: windows that are over count nothing any more. */
export async function forgetRates(now: Date): Promise<void> {
  await runtime().db.rateLimit.deleteMany({ where: { expire: { lt: now.getTime() } } });
}

/** Counts one try and says how many more there may be within the window; null: this one is too many. */
export async function countRate(name: RateLimit, key: string): Promise<number | null> {
  try {
    return (await consume(name, key)).remainingPoints;
  } catch (fault) {
    if (fault instanceof RateLimiterRes) return null;
    throw fault;
  }
}

/** How a limit stands after one more try; `remaining` null: this one is too many. */
export type RateLeft = { limit: number; windowSeconds: number; remaining: number | null; resetSeconds: number };

/** Counts one try and says how the limit stands, for those who are told. */
export async function spendRate(name: RateLimit, key: string): Promise<RateLeft> {
  const window = { limit: windows[name], windowSeconds: limits.signInWindowSeconds };
  const seconds = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1000));
  try {
    const spent = await consume(name, key);
    return { ...window, remaining: spent.remainingPoints, resetSeconds: seconds(spent) };
  } catch (fault) {
    if (!(fault instanceof RateLimiterRes)) throw fault;
    return { ...window, remaining: null, resetSeconds: seconds(fault) };
  }
}

/** Counts one try. @throws `sign-in.too-many` or, where it is no sign-in, `request.too-many`, with the minutes to wait */
export async function requireRate(name: RateLimit, key: string): Promise<void> {
  try {
    await consume(name, key);
  } catch (fault) {
    if (!(fault instanceof RateLimiterRes)) throw fault;
    const minutes = Math.max(1, Math.ceil(fault.msBeforeNext / 60_000));
    throw refuse(name.startsWith('sign-in') ? 'sign-in.too-many' : 'request.too-many', { minutes });
  }
}

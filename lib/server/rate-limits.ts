// How often a stranger may ask for sign-in mails and try links (threats.md, 65 and 66): per address against mail bombing,
// per client against enumeration and guessing. So for keys, in both directions, and for refusals that history keeps. Counted in the memory of this process; a restart forgives.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
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
  'webhook-test-by-project': limits.webhookTestsPerProject,
  'elsewhere-by-project': limits.elsewhereSendsPerProject,
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

const limitersOf = new WeakMap<Runtime, Map<RateLimit, RateLimiterMemory>>();

function limiter(name: RateLimit): RateLimiterMemory {
  const all = limitersOf.get(runtime()) ?? new Map<RateLimit, RateLimiterMemory>();
  limitersOf.set(runtime(), all);
  const made = all.get(name) ?? new RateLimiterMemory({ points: windows[name], duration: limits.signInWindowSeconds });
  all.set(name, made);
  return made;
}

/** Counts one try and says how many more there may be within the window; null: this one is too many. */
export async function countRate(name: RateLimit, key: string): Promise<number | null> {
  try {
    return (await limiter(name).consume(key)).remainingPoints;
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
    const spent = await limiter(name).consume(key);
    return { ...window, remaining: spent.remainingPoints, resetSeconds: seconds(spent) };
  } catch (fault) {
    if (!(fault instanceof RateLimiterRes)) throw fault;
    return { ...window, remaining: null, resetSeconds: seconds(fault) };
  }
}

/** Counts one try. @throws `sign-in.too-many` or, where it is no sign-in, `request.too-many`, with the minutes to wait */
export async function requireRate(name: RateLimit, key: string): Promise<void> {
  try {
    await limiter(name).consume(key);
  } catch (fault) {
    if (!(fault instanceof RateLimiterRes)) throw fault;
    const minutes = Math.max(1, Math.ceil(fault.msBeforeNext / 60_000));
    throw refuse(name.startsWith('sign-in') ? 'sign-in.too-many' : 'request.too-many', { minutes });
  }
}

// `countersign wait NAME==VERSION --index URL`: waits until a draft is published, or is over without that. Asks the status address of the index
// (docs/formats/status.md) with the token in COUNTERSIGN_TOKEN or the one that is kept, never one from the command line, which other users of the machine can read.
// What it hears is the word of the web program: to know that the release holds, run `countersign verify` afterwards. The index is hostile:
// answers are bounded and read field by field, texts are spelled out for the terminal, redirects are refused (they would carry the token off).
// Exit codes: 0 published, 1 over without that, 2 unusable input or no such draft, 3 could not ask, 5 the time is up.
import { setTimeout as pause } from 'node:timers/promises';
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import { askStatus, type ReadStatus } from '#cli/index/ask-status.ts';
import type { CommandOutcome } from './inspect-distribution.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { readRequirement } from '#cli/requirement.ts';
import { chooseIndex } from '#cli/sign/open-session.ts';
import { findToken } from '#cli/sign/token.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { Home } from '#cli/trust/home.ts';

export type WaitOptions = {
  /** `NAME==VERSION`, in any spelling that PEP 503 and PEP 440 allow. */
  nameAndVersion: string;
  index?: string | undefined;
  /** Seconds, at most so long. */
  timeout?: string | undefined;
  json?: boolean | undefined;
};

/** What the command works with besides its options. */
export type WaitTools = {
  /** COUNTERSIGN_TOKEN; without it the one that is kept is used. */
  token: string | undefined;
  home: Home;
  /** Milliseconds that only grow. */
  clock: () => number;
  /** Told on the way, in one line each: standard error. */
  tell: (line: string) => void;
};

const defaultSeconds = 1800;
const asksForSeconds = 50;
const breathMs = 2000;
/** How often in a row the index may be out of reach: it restarts, networks fail. */
const unreachedMost = 5;

const stillWaiting = 5;

/** Waits and says what came of it. Never throws. */
export async function waitCommand(options: WaitOptions, tools: WaitTools): Promise<CommandOutcome> {
  try {
    const [project, version] = readRequirement(options.nameAndVersion);
    const seconds = readSeconds(options.timeout);
    const base = chooseIndex(options.index, tools.home);
    const token = findToken(base, { home: tools.home, given: tools.token });
    const status = await waitFor({ base, project, version, token, seconds }, tools);
    return render(status, seconds, options.json ?? false);
  } catch (fault) {
    return refusalOutcome(fault, options.json ?? false);
  }
}

function readSeconds(claimed = String(defaultSeconds)): number {
  if (/^[0-9]{1,6}$/.test(claimed)) return Number(claimed);
  throw refuse('input.not-a', { what: 'a number of seconds', claimed: claimed.slice(0, 80) });
}

type Wish = { base: string; project: ProjectName; version: Version; token: string; seconds: number };

async function waitFor(wish: Wish, { clock, tell }: WaitTools): Promise<ReadStatus> {
  const end = clock() + wish.seconds * 1000;
  let known: ReadStatus | null = null;
  let unreached = 0;
  for (;;) {
    const asked = clock();
    const answered = await ask(wish, known, end - asked);
    if ('unreached' in answered) {
      unreached += 1;
      if (unreached >= unreachedMost || clock() + breathMs > end) throw answered.unreached;
    } else {
      unreached = 0;
      if (answered.status.mark !== known?.mark) tell(safeForTerminal(sayStatus(answered.status)));
      known = answered.status;
      if (known.outcome !== 'waiting' || clock() >= end) return known;
    }
    // An index that is busy answers earlier than it was asked to.
    const breath = Math.min(asked + breathMs, end) - clock();
    if (breath > 0) await pause(breath);
  }
}

/** At first how it stands; then, until it is other than that. */
function ask(
  { base, project, version, token }: Wish,
  known: ReadStatus | null,
  leftMs: number,
): ReturnType<typeof askStatus> {
  const seconds = known === null ? 0 : Math.max(0, Math.min(asksForSeconds, Math.floor(leftMs / 1000)));
  const query = new URLSearchParams({ wait: String(seconds), ...(known !== null && { since: known.mark }) });
  const url = `${base}projects/${project}/releases/${version}/status.json?${query.toString()}`;
  return askStatus(url, token, (seconds + 30) * 1000);
}

/** One line: `sunrise 1.2.0: 1 of 2 have signed (ada)`. */
function sayStatus({
  project,
  version,
  state,
  outcome,
  counted,
  required,
  declinedBy,
  waitsUntil,
}: ReadStatus): string {
  const name = `${project} ${version}`;
  if (outcome === 'declined') return `${name}: declined by ${declinedBy.join(', ')}`;
  if (outcome !== 'waiting') return `${name}: ${outcome}`;
  if (state === 'approved') return `${name}: enough have signed (${counted.join(', ')}); awaiting the countersignature`;
  const until = waitsUntil === null ? '' : `, waits until ${waitsUntil}`;
  return `${name}: ${counted.length} of ${required} have signed${counted.length === 0 ? '' : ` (${counted.join(', ')})`}${until}`;
}

function render(status: ReadStatus, seconds: number, json: boolean): CommandOutcome {
  const isPublished = status.outcome === 'published';
  const isWaiting = status.outcome === 'waiting';
  const exit = isPublished ? 0 : isWaiting ? stillWaiting : 1;
  if (json) return { exit, out: `${safeForTerminal(JSON.stringify(status))}\n`, err: '' };
  const said = safeForTerminal(sayStatus(status));
  const more = isWaiting ? `Still waiting after ${seconds} seconds.\n` : '';
  return isPublished ? { exit, out: `${said}\n`, err: '' } : { exit, out: '', err: `${said}\n${more}` };
}

// Everybody who can stand before a door of the program, from those with the least to those with the most. The rows of the table (pages.ts,
// actions.ts, addresses.ts) say for each of them what the answer is; setting.ts makes one of each.

export const roles = [
  /** Nobody: no cookie at all. */
  'visitor',
  /** An owner whose session is over. */
  'expired session',
  /** The countersigner's bearer token, without a cookie. */
  'hand-over token',
  /** An account that has nothing to do with the project. */
  'stranger',
  /** Owns another project. */
  'owner elsewhere',
  /** Was a maintainer and was retired; opened the draft; the session is from before. */
  'removed',
  /** Was a maintainer and was struck; the session is from before. */
  'struck',
  /** Accepted an invitation; no policy names them yet. */
  'invited',
  'maintainer',
  'owner',
  /** An owner whose session is open, but who signed in too long ago for sensitive acts. */
  'owner, not fresh',
] as const;
export type Role = (typeof roles)[number];

/**
 * `200`, `404`: the status. `sign in`: sent to the sign-in page. `done`: the action ran. `goes on`: it ran and leads to another page.
 * Everything else is the code of a refusal. `to /place`: sent there.
 */
export type Answer = string;
export type Answers = Record<Role, Answer>;

/** One answer for each step of the staircase; a step that is not named answers as the one before it. */
export type Steps = {
  /** visitor, expired session, hand-over token */
  nobody: Answer;
  /** stranger, owner elsewhere, removed, struck */
  outside?: Answer;
  invited?: Answer;
  maintainer?: Answer;
  owner?: Answer;
  /** owner, not fresh */
  stale?: Answer;
  /** Single roles that differ from their step. */
  but?: Partial<Answers>;
};

/** The answer for every role. */
export function answersOf(steps: Steps): Answers {
  const { nobody, outside = nobody, but } = steps;
  const { invited = outside } = steps;
  const { maintainer = invited } = steps;
  const { owner = maintainer } = steps;
  const { stale = owner } = steps;
  return {
    ...{ visitor: nobody, 'expired session': nobody, 'hand-over token': nobody },
    ...{ stranger: outside, 'owner elsewhere': outside, removed: outside, struck: outside },
    ...{ invited, maintainer, owner, 'owner, not fresh': stale },
    ...but,
  };
}

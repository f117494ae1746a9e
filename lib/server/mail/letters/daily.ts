// The daily mail: what somebody chose to hear of once a day, project by project, each with the page where it goes on. Subjects are ours, with names
// that were checked; what waits for a signature stands first.
import type { AccountName } from '#lib/core/ids.ts';
import { linkTo } from '#lib/server/mail/link.ts';
import type { Letter } from '#lib/server/mail/compose.ts';

export type DailyThing = { says: string; link: string; isAsking: boolean };
export type DailyLetter = { person: AccountName; groups: readonly { project: string | null; things: DailyThing[] }[] };

const things = (count: number): string => (count === 1 ? '1 thing' : `${count} things`);

export function dailyLetter({ person, groups }: DailyLetter): Letter {
  const all = groups.flatMap((group) => group.things);
  const asking = all.filter(({ isAsking }) => isAsking).length;
  const waits = asking === 0 ? '' : `, ${asking} ${asking === 1 ? 'waits' : 'wait'} for your signature`;
  return {
    event: 'mail.digest',
    subject: `Your daily mail: ${things(all.length)}${waits}`,
    parts: [
      { paragraph: `What happened since your last daily mail: ${things(all.length)}${waits}.` },
      ...groups.map((group) => ({
        says: group.project ?? 'Besides',
        entries: [...group.things].sort((one, other) => Number(other.isAsking) - Number(one.isAsking)),
      })),
      { link: linkTo('/'), says: 'All that waits for you' },
    ],
    reason: `the account ${person} chose to get some mail once a day`,
  };
}

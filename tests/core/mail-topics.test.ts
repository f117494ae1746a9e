// What can be chosen of mail, and what always comes.
import { describe, expect, it } from 'vitest';
import { chosenFor, deliveryFor, mailEvents, mailTopics, requiredMail, topicOf } from '#lib/core/mail-topics.ts';

const choice = (projectName: string, delivery: string, topic = 'published') => ({ projectName, topic, delivery });

describe('what somebody chose of mail', () => {
  it.each([
    ['nothing', [], 'requests', 'at-once'],
    ['for all projects', [choice('*', 'daily')], 'requests', 'daily'],
    ['for this project', [choice('*', 'daily'), choice('requests', 'off')], 'requests', 'off'],
    ['at once here, off elsewhere', [choice('*', 'off'), choice('requests', 'at-once')], 'requests', 'at-once'],
    ['for another project', [choice('moonrise', 'off')], 'requests', 'at-once'],
    ['for another topic', [choice('*', 'off', 'declared')], 'requests', 'at-once'],
    ['for a project, asked without one', [choice('requests', 'off')], null, 'at-once'],
    ['a word of no meaning', [choice('*', 'weekly')], 'requests', 'at-once'],
  ])('%s', (_, choices, project, delivery) => expect(deliveryFor(choices, project, 'published')).toBe(delivery));

  it('is told apart from what follows the choice for all projects', () => {
    expect(chosenFor([choice('*', 'daily')], 'requests', 'published')).toBeNull();
    expect(chosenFor([choice('requests', 'daily')], 'requests', 'published')).toBe('daily');
  });
});

describe('the list of mails', () => {
  it('puts every event under a heading that people can read, and every heading has events', () => {
    const headings = new Set<string>(Object.values(mailEvents));
    expect([...headings].sort()).toEqual(['digest', ...Object.keys(mailTopics), ...Object.keys(requiredMail)].sort());
  });

  it('lets nobody switch off what protects them: signing in, keys, people, rules, quarantine', () => {
    for (const event of Object.keys(mailEvents) as (keyof typeof mailEvents)[])
      if (/^(sign-in|session|passkey|address|key|invitation|role|policy|chain|release\.quarantined)/.test(event))
        expect([event, topicOf(event)]).toEqual([event, null]);
  });
});

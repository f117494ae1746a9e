// What was sent to a webhook and what came back: one entry a message, its tries inside. What a receiver answered is hostile text and shown as such.

import type { ReactNode } from 'react';
import { Code } from '#components/ui/command.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { StateChip, type StateName } from '#components/ui/state-chip.tsx';

type Attempt = {
  id: string;
  at: Date;
  ms: number;
  headers: [name: string, value: string][];
  status: number | null;
  response: string | null;
  fault: string | null;
};
export type Message = {
  id: string;
  event: string;
  body: string;
  createdAt: Date;
  state: 'delivered' | 'given-up' | 'waiting';
  nextAt: Date;
  attempts: Attempt[];
};

const chips: Record<Message['state'], { state: StateName; word: string }> = {
  delivered: { state: 'done', word: 'Arrived' },
  'given-up': { state: 'struck', word: 'Given up' },
  waiting: { state: 'waiting', word: 'Waiting' },
};

export function MessageLog({ messages, after }: { messages: Message[]; after: (message: Message) => ReactNode }) {
  return messages.map((message) => (
    <details className="reveal" key={message.id} data-message={message.id}>
      <summary>
        <StateChip {...chips[message.state]} /> <code>{message.event}</code> <Moment at={message.createdAt} />
        {triesOf(message)}
      </summary>
      {message.state === 'waiting' ? (
        <p>
          It is sent next at <Moment at={message.nextAt} />, or when the jobs program comes to it.
        </p>
      ) : null}
      {message.attempts.map((attempt) => (
        <Try key={attempt.id} attempt={attempt} />
      ))}
      <Code label="What is sent" text={pretty(message.body)} what="the message" />
      {after(message)}
    </details>
  ));
}

const triesOf = ({ attempts }: Message): string =>
  attempts.length === 0 ? '' : `, ${attempts.length === 1 ? 'one try' : `${attempts.length} tries`}`;

/** The body for reading; what is signed and sent is without these line breaks. */
const pretty = (body: string): string => JSON.stringify(JSON.parse(body), null, 2);

function Try({ attempt: { at, ms, headers, status, response, fault } }: { attempt: Attempt }) {
  return (
    <>
      <p>
        <Moment at={at} />: {status === null ? `no answer, ${fault ?? ''}` : `status ${status} after ${ms} ms`}
      </p>
      {headers.length === 0 ? null : (
        <Code
          label="Headers"
          text={headers.map(([name, value]) => `${name}: ${value}`).join('\n')}
          what="the headers"
        />
      )}
      {response === null || response === '' ? null : (
        <Code label="What came back (the first 2 kB)" text={response} what="the answer" />
      )}
    </>
  );
}

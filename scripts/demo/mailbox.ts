// Where the people of the demo and the tests read their mail: on the instance's mailbox page, or from a real SMTP server on loopback that
// keeps what it is given. Both answer the same question: the newest mail to somebody, not read before.
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { linkOf, openVisitor, readableText, type Page } from './visitor.ts';

export type Mail = { subject: string; text: string; html: string | null; links: string[] };

export type Mailbox = {
  /** Waits (bounded) for a mail to this address whose subject fits, and takes it out. */
  take(to: string, subject: RegExp): Promise<Mail>;
  close(): Promise<void>;
};

const patienceMs = 20_000;

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline;) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No ${what} came within ${patienceMs / 1000} seconds.`);
}

/** The local mailbox of an instance, read as people do: its page, then the page of one mail. */
export function openMailboxPage(base: string, mailboxPath: string): Mailbox {
  const visitor = openVisitor(base);
  const read = new Set<string>();
  const entries = (page: Page) =>
    [...page.html.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, inside = '']) => ({ inside, says: readableText(inside) }));
  const find = async (to: string, subject: RegExp): Promise<Mail | null> => {
    const list = await visitor.get(mailboxPath);
    for (const { inside, says } of entries(list).reverse()) {
      if (!says.includes(`To ${to}`) || !subject.test(says)) continue;
      const href = linkOf({ ...list, html: inside }, /./);
      if (read.has(href)) continue;
      read.add(href);
      const { html } = await visitor.get(href);
      const text = /<pre[^>]*>([\s\S]*?)<\/pre>/.exec(html)?.[1] ?? '';
      const links = [...html.matchAll(/<a href="(https?:[^"]+)"/g)].map(([, link = '']) =>
        link.replaceAll('&amp;', '&'),
      );
      return { subject: says.slice(0, says.indexOf(' To ')), text: readableText(text), html: null, links };
    }
    return null;
  };
  return {
    take: (to, subject) => until(`mail to ${to} (${String(subject)})`, () => find(to, subject)),
    close: async () => undefined,
  };
}

/** An SMTP server on a free loopback port; `url` is for SMTP_URL. */
export async function openSmtpMailbox(): Promise<Mailbox & { url: string }> {
  const mails: (Mail & { to: string })[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        void PostalMime.parse(Buffer.concat(chunks)).then(({ subject = '', text = '', html }) => {
          const links = text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
          mails.push({ to, subject, text, html: html ?? null, links });
          done();
        }, done);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const find = async (to: string, subject: RegExp): Promise<Mail | null> => {
    const at = mails.findIndex((mail) => mail.to === to && subject.test(mail.subject));
    return at === -1 ? null : (mails.splice(at, 1)[0] ?? null);
  };
  return {
    url: `smtp://127.0.0.1:${port}`,
    take: (to, subject) => until(`mail to ${to} (${String(subject)})`, () => find(to, subject)),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

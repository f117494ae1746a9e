// A real SMTP server on this machine that takes every mail and keeps it, so that tests read what was delivered and not what was meant.
//   const sink = await openSmtpSink();  SMTP_URL: sink.url  …  sink.mails, await sink.next((mail) => mail.to.includes('bo@example.org'))
// `sink.answer` decides what a mail is answered with: a refusal for good (5xx) or for now (4xx), or a promise, to be slow.
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** One mail as it came over the wire. */
export type SunkMail = {
  from: string;
  /** The envelope: where it really goes, whatever the headers say. */
  to: string[];
  /** Octets between DATA and the final dot, one character each (latin1). */
  raw: string;
  parsed: Email;
};

/** `null` takes it; a code refuses it. */
export type SmtpAnswer = { code: number; says: string } | null;

export type SmtpSink = {
  /** For SMTP_URL. */
  url: string;
  port: number;
  /** What was taken, in the order of arrival. */
  mails: SunkMail[];
  /** Everything that was offered, taken or not. */
  offered: SunkMail[];
  /** What a mail is answered with, after it was read; tests set it. */
  answer: (mail: SunkMail) => SmtpAnswer | Promise<SmtpAnswer>;
  /** The first mail taken that fits, now or later; fails after `withinMs`. */
  next(fits: (mail: SunkMail) => boolean, withinMs?: number): Promise<SunkMail>;
  /** Forgets all mails, and takes everything again. */
  clear(): void;
  close(): Promise<void>;
};

/** The value of a header of a mail; undefined where it has none. Folded lines are joined by the parser. */
export const headerOf = (mail: SunkMail, name: string): string | undefined =>
  mail.parsed.headers.find(({ key }) => key === name.toLowerCase())?.value;

/** All addresses of links in the text part. */
export const linksIn = (mail: SunkMail): string[] => mail.parsed.text?.match(/https?:\/\/\S+/g) ?? [];

type Waiting = { fits: (mail: SunkMail) => boolean; found: (mail: SunkMail) => void };

/** Opens the server on a free port of the loopback. */
export async function openSmtpSink(): Promise<SmtpSink> {
  const waiting = new Set<Waiting>();
  const take = async (raw: Buffer, { envelope }: SMTPServerSession): Promise<SmtpAnswer> => {
    const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    const to = envelope.rcptTo.map(({ address }) => address);
    const mail = { from, to, raw: raw.toString('latin1'), parsed: await PostalMime.parse(raw) };
    sink.offered.push(mail);
    const answer = await sink.answer(mail);
    if (answer) return answer;
    sink.mails.push(mail);
    for (const one of waiting) if (one.fits(mail)) one.found(mail);
    return null;
  };
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, closeTimeout: 100 },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        take(Buffer.concat(chunks), session).then(
          (answer) => done(answer && Object.assign(new Error(answer.says), { responseCode: answer.code })),
          (fault: unknown) => done(fault instanceof Error ? fault : new Error(String(fault))),
        );
      });
    },
  });
  // A client that is killed in the middle of a mail is a test, not a fault.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const sink: SmtpSink = {
    ...{ url: `smtp://127.0.0.1:${port}`, port, mails: [], offered: [], answer: () => null },
    next: (fits, withinMs = 30_000) => waitFor(sink, waiting, fits, withinMs),
    clear: () => void Object.assign(sink, { mails: [], offered: [], answer: () => null }),
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
  return sink;
}

function waitFor(
  sink: SmtpSink,
  waiting: Set<Waiting>,
  fits: (mail: SunkMail) => boolean,
  withinMs: number,
): Promise<SunkMail> {
  const here = sink.mails.find(fits);
  if (here) return Promise.resolve(here);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      waiting.delete(one);
      const subjects = sink.mails.map(({ to, parsed }) => `${to.join()}: ${parsed.subject ?? ''}`);
      reject(new Error(`No such mail came within ${withinMs} ms; there are: ${subjects.join(' | ') || 'none'}`));
    }, withinMs);
    const one: Waiting = {
      fits,
      found: (mail) => {
        clearTimeout(late);
        waiting.delete(one);
        resolve(mail);
      },
    };
    waiting.add(one);
  });
}

// A mail of the outbox as it goes over the wire. Without a mail key: text and HTML as they are. With one, PGP/MIME (RFC 3156): the body, attachments
// included, is one entity whose exact octets are signed; quoted-printable, so that no server on the way has a reason to touch it. The signature
// covers the body, not the headers. Content is ours: no file and no address is ever read into a mail.
import type { SendMailOptions } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import MimeNode from 'nodemailer/lib/mime-node';
import { signDetached } from '#lib/pgp/sign.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Attachment } from './compose.ts';
import type { OutgoingMail } from './deliver.ts';
import type { MailKey } from './mail-key.ts';

const guarded = { disableFileAccess: true, disableUrlAccess: true };

/** What nodemailer is given for this mail. */
export async function messageOf(mail: OutgoingMail): Promise<SendMailOptions> {
  const { config, mailKey } = runtime();
  const head = {
    ...{ from: config.mailFrom, to: { name: '', address: mail.toAddress }, subject: mail.subject },
    ...{ messageId: mail.messageId, date: mail.createdAt, headers: mail.headers as Record<string, string> },
  };
  if (mailKey === null) return { ...head, ...contentOf(mail) };
  const body = await bodyOf(mail);
  return { envelope: { from: config.mailFrom, to: mail.toAddress }, raw: await signed(head, body, mailKey) };
}

function contentOf({ text, html, attachments }: OutgoingMail) {
  const attached = (attachments as Attachment[]).map(({ fileName, text: content }) => ({
    ...{ filename: fileName, content, contentType: 'application/octet-stream' },
    contentDisposition: 'attachment' as const,
  }));
  return { text, html, attachments: attached };
}

/** The MIME entity that is signed: canonical line ends, no header but those that describe its content. */
async function bodyOf(mail: OutgoingMail): Promise<string> {
  const composer = new MailComposer({ ...contentOf(mail), ...guarded, encoding: 'quoted-printable', newline: 'win' });
  const built = (await composer.compile().build()).toString('latin1');
  const end = built.indexOf('\r\n\r\n');
  const fields = built.slice(0, end).split(/\r\n(?![ \t])/);
  return `${fields.filter((field) => /^content-/i.test(field)).join('\r\n')}${built.slice(end)}`;
}

type Head = { from: string; to: { name: string; address: string }; subject: string } & {
  messageId: string;
  date: Date;
  headers: Record<string, string>;
};

async function signed(head: Head, body: string, { key }: MailKey): Promise<Buffer> {
  const octets = Buffer.from(body, 'latin1');
  const signature = await signDetached(key, octets, runtime().clock.now().getTime());
  const type = 'multipart/signed; micalg=pgp-sha512; protocol="application/pgp-signature"';
  const root = new MimeNode(type, { ...guarded, newline: 'win' });
  const { from, to, subject, messageId, date, headers } = head;
  root.setHeader({ From: from, To: to, Subject: subject, 'Message-ID': messageId, ...headers });
  root.setHeader('Date', date.toUTCString().replace('GMT', '+0000'));
  root.createChild('text/plain').setRaw(octets);
  const packet = root.createChild('application/pgp-signature', { filename: 'signature.asc' });
  packet.setHeader({ 'Content-Description': 'OpenPGP signature', 'Content-Transfer-Encoding': '7bit' });
  packet.setContent(signature.replaceAll(/\r?\n/g, '\r\n'));
  return root.build();
}

// What a mail server meant by its refusal. 5xx about the recipient or the message is for good (RFC 5321 4.2.1): nobody takes this mail, ever. 5xx about
// us (who we are, what we may send) is the operator's to mend, and must not throw away everybody's mail. Everything else passes.

/** `refused`: for good. `later`: this mail, for now. `unreachable`: nothing can be sent at the moment, whatever it is. */
export type FailureKind = 'refused' | 'later' | 'unreachable';

/** What the mailer says: the reply of the server, if there was one, and to which command. */
type MailerFault = Error & { responseCode?: number; command?: string };

const aboutTheMail = ['RCPT TO', 'DATA'];

/** Reads a fault of the transport; one that is none of the mailer's counts as this mail's, for now. */
export function kindOfFailure(fault: unknown): FailureKind {
  if (!(fault instanceof Error)) return 'later';
  const { responseCode, command = '' } = fault as MailerFault;
  if (responseCode !== undefined && aboutTheMail.includes(command)) return responseCode >= 500 ? 'refused' : 'later';
  return responseCode === undefined && command === '' && !('code' in fault) ? 'later' : 'unreachable';
}

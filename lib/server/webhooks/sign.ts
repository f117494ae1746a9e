// The signature of a message, as the Standard Webhooks specification has it (standardwebhooks.com, "Signature scheme", symmetric): HMAC-SHA256
// over `id.timestamp.body` with the bytes behind `whsec_`. Pure; whoever has the secret makes the same signature, so it is no evidence to
// anybody else.
import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

/** The secret's text, as people copy it into their receiver. */
export const renderSecret = (bytes: Uint8Array): string => prefix + Buffer.from(bytes).toString('base64');

export type Signable = {
  id: string;
  /** When it is sent; a receiver refuses what is minutes old. */
  at: Date;
  body: string;
};

/** The timestamp as it is sent and signed: whole seconds since 1970. */
const timestampOf = (at: Date): string => String(Math.floor(at.getTime() / 1000));

/** One signature a secret, separated by spaces: a receiver that knows any of the secrets accepts it. */
function signatureHeader(secrets: readonly string[], { id, at, body }: Signable): string {
  const signed = `${id}.${timestampOf(at)}.${body}`;
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(prefix.length), 'base64');
      return `v1,${createHmac('sha256', key).update(signed, 'utf8').digest('base64')}`;
    })
    .join(' ');
}

/** The headers of one try (standardwebhooks.com, "Webhook headers"). */
export const headersOf = (secrets: readonly string[], message: Signable): Record<string, string> => ({
  'Content-Type': 'application/json',
  'webhook-id': message.id,
  'webhook-timestamp': timestampOf(message.at),
  'webhook-signature': signatureHeader(secrets, message),
});

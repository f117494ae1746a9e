// Where a webhook may lead. Owners of a project write the address, and they are strangers to whoever runs the instance: it must be https to a
// host of the public internet, at a web port. What a name leads to is looked at again at every try (outgoing/ask.ts). A host inside the
// operator's own network is asked only where the operator named it in WEBHOOK_HOSTS; that one may speak plain http.
import { isIP } from 'node:net';
import { refuse } from '#lib/core/errors.ts';
import { isPublicAddress } from '#lib/server/outgoing/private-address.ts';
import { runtime } from '#lib/server/runtime.ts';

const charactersMost = 2000;

/** Whether the operator named this host (with its port, where the address has one). */
export const isNamedByOperator = (url: URL): boolean => runtime().config.webhookHosts.includes(url.host);

/** Why nothing is sent to this address; null: it may be tried. */
export function faultOfAddress(url: URL): string | null {
  if (isNamedByOperator(url)) return null;
  if (url.protocol !== 'https:') return 'it must start with https://';
  const port = url.port === '' ? 443 : Number(url.port);
  if (port !== 443 && port < 1024) return `port ${port} is not one of a web server`;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) return `${host} is not an address of the public internet`;
  return host === 'localhost' || host.endsWith('.localhost') ? `${host} is this machine itself` : null;
}

/** Reads a hostile address into its one spelling. @throws `webhook.address` */
export function readWebhookAddress(claimed: string): URL {
  const fail = (why: string) => refuse('webhook.address', { why });
  if (claimed.length > charactersMost) throw fail(`it has more than ${charactersMost} characters`);
  const url = URL.canParse(claimed) ? new URL(claimed) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw fail('it must start with https://');
  if (url.username !== '' || url.password !== '') throw fail('it must not hold a user or password');
  if (url.hash !== '') throw fail('it must not hold a “#”');
  const fault = faultOfAddress(url);
  if (fault !== null) throw fail(fault);
  if (url.href.length > charactersMost) throw fail(`it has more than ${charactersMost} characters`);
  return url;
}

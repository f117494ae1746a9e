// How an address stands in a log: links of ours carry secrets in their path (sign-in, invitations, personal links, the mailbox), so a log of addresses
// would be a list of keys. What can be a secret is left out: the query always, what follows a first word that leads to a secret, and every
// long segment. The address is hostile text; what is not plain ASCII is left out too.

const leftOut = '…';
/** A secret of ours has 43 characters; names of projects are shorter than a segment that is left out. */
const segmentLengthMax = 40;
const addressLengthMax = 200;

/** Behind these words stands a secret: a whole tail of an address is left out. */
const secretBehind = new Set([
  ...['sign-in', 'd', 'for-you', 'invitations', 'mailbox', 'operator', 'unsubscribe', 'feeds', 'preview', 'confirm'],
  ...['address', 'opened', 'uploads'],
]);

/** The path of a request's address without anything that opens something. */
export function shownAddress(url: string | undefined): string {
  const [path = '/'] = (url ?? '/').split('?');
  const segments = path.slice(0, addressLengthMax).split('/').slice(1);
  const secretAt = segments.findIndex((segment) => secretBehind.has(segment));
  const shown = segments.map((segment, at) => (secretAt !== -1 && at > secretAt ? leftOut : shownSegment(segment)));
  return `/${shown.join('/')}`;
}

const shownSegment = (segment: string): string =>
  segment.length > segmentLengthMax || !/^[\w.~!$&'()*+,;=:@%-]*$/.test(segment) ? leftOut : segment;

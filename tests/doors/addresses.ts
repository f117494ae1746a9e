// What web/ answers before Next: uploads, downloads, the key directory, the hand-over addresses, the index and the scripts. A refusal is
// its status and its code.
import { address, form, type Row } from './row.ts';

const signIn = '401 person.sign-in-first';
const forSigners = { nobody: signIn, outside: '404 draft.not-found', maintainer: '200' };
const forAll = { nobody: '200' };
/** Programs show a token of the project; one that is none is not passed over, also beside a session. */
const forReaders = { ...forSigners, but: { 'hand-over token': '401 token.unusable' } };
const noKey = { nobody: '404' };
/** Only the bearer token opens them; a session, even an owner's, does not. */
const forTheCountersigner = (answer: string) => ({
  nobody: '401 handoff.wrong-token',
  but: { 'hand-over token': answer },
});

const downloads = (pattern: RegExp): string => `address web/downloads.ts ${String(pattern)}`;
const health = (pattern: RegExp): string => `address web/health.ts ${String(pattern)}`;
const directory = (pattern: RegExp): string => `address web/key-directory.ts ${String(pattern)}`;
const handoff = (pattern: RegExp): string => `address web/handoff.ts ${String(pattern)}`;
const history = (pattern: RegExp): string => `address web/history-download.ts ${String(pattern)}`;
const live = (pattern: RegExp): string => `address web/live.ts ${String(pattern)}`;
const status = (pattern: RegExp): string => `address web/status.ts ${String(pattern)}`;
const feed = (pattern: RegExp): string => `address web/feeds.ts ${String(pattern)}`;
const upload = (pattern: RegExp): string => `address web/upload.ts ${String(pattern)}`;
const resumable = (pattern: RegExp): string => `address web/resumable.ts ${String(pattern)}`;

/** One door for all of the table in lib/server/api, which tests/web/api-doors.test.ts goes through row by row. */
const api = 'address web/api.ts';
/** Only a token opens them; a session, even an owner's, is not looked at. */
const forTokens = { nobody: '401 token.unusable' };

const linked = (pattern: RegExp): string => `address web/personal-links.ts ${String(pattern)}`;

const phrase = downloads(/^\/account\/keys\/([^/]+)\/phrase$/);
const policySignature = downloads(/^\/projects\/([^/]+)\/policy\/(\d{1,7})\/signatures\/([0-9a-f]{64})\.asc$/);
const declarationFile = downloads(/^\/projects\/([^/]+)\/declarations\/([0-9a-f]{64})\.json$/);
const policyFile = downloads(/^\/projects\/([^/]+)\/policy\/(\d{1,7})\/\2\.json$/);

export const addresses: Row[] = [
  address('address web/serve-index.ts', () => '/simple/', { nobody: '503' }), // nothing is published here yet
  address('address web/serve-assets.ts', () => '/assets/SHA256SUMS', forAll),
  address(health(/^\/healthz$/), () => '/healthz', forAll),
  address(health(/^\/readyz$/), () => '/readyz', forAll),
  address(health(/^\/version$/), () => '/version', forAll),
  address(health(/^\/metrics$/), () => '/metrics', { nobody: '404' }), // METRICS_TOKEN is not set where doors are tried
  address('address web/client.ts', () => '/client/countersign.mjs', forAll),
  address(
    upload(/^\/projects\/([A-Za-z0-9._-]{1,100})\/drafts$/),
    (at) => ({ path: `/projects/${at.project}/drafts`, method: 'POST', body: form({ nothing: '' }) }),
    { nobody: signIn, outside: '403 person.may-not', maintainer: '400 draft.no-files' },
  ),
  address(
    upload(/^\/drafts\/([0-9a-f]{12})\/files$/),
    (at) => ({ path: `/drafts/${at.draft}/files`, method: 'POST', body: form({ nothing: '' }) }),
    { ...forSigners, maintainer: '400 upload.nothing' },
  ),
  address(resumable(/^\/projects\/([^/]+)\/uploads$/), (at) => `/projects/${at.project}/uploads`, {
    nobody: signIn,
    outside: '403 person.may-not',
    maintainer: '200',
  }),
  // One's own only: to everybody else, and to owners too, an upload does not exist.
  address(
    resumable(/^\/uploads\/([A-Za-z0-9_-]{1,64})$/),
    () => ({ path: '/uploads/unknown', method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } }),
    { nobody: signIn, outside: '404 upload.not-found' },
  ),
  address(downloads(/^\/drafts\/([^/]+)\/SHA256SUMS$/), (at) => `/drafts/${at.draft}/SHA256SUMS`, forSigners),
  address(downloads(/^\/drafts\/([^/]+)\/files\/([^/]+)$/), (at) => `/drafts/${at.draft}/files/${at.file}`, forSigners),
  address(
    downloads(/^\/drafts\/([^/]+)\/signatures\/([0-9a-f]{64})\.asc$/),
    (at) => `/drafts/${at.draft}/signatures/${at.packets.draft}.asc`,
    forSigners,
  ),
  // Whoever has the token; a session, even an owner's, is not looked at.
  address(
    `address web/previews.ts ${String(/^\/preview\/([A-Za-z0-9_-]{1,100})(\/.*)?$/)}`,
    () => '/preview/unknown/simple/',
    { nobody: '404' },
  ),
  address(linked(/^\/d\/([^/]+)\/?()$/), () => '/d/unknown', { nobody: 'to /for-you/nothing' }),
  address(linked(/^\/d\/([^/]+)\/SHA256SUMS()$/), () => '/d/unknown/SHA256SUMS', { nobody: '404' }),
  address(linked(/^\/d\/([^/]+)\/SHA256SUMS()$/), (at) => `${at.link}/SHA256SUMS`, forAll),
  address(linked(/^\/d\/([^/]+)\/files\/([^/]+)$/), (at) => `/d/unknown/files/${at.file}`, { nobody: '404' }),
  address(linked(/^\/d\/([^/]+)\/files\/([^/]+)$/), (at) => `${at.link}/files/${at.file}`, forAll),
  address(
    linked(/^\/d\/([^/]+)\/signatures\/?([^/]*)$/),
    () => ({ path: '/d/unknown/signatures', method: 'POST', body: 'no signature' }),
    { nobody: '404' },
  ),
  address(
    linked(/^\/for-you\/([0-9a-f]{12})\/(?:(SHA256SUMS)|files\/([^/]+))$/),
    (at) => `/for-you/${at.draft}/SHA256SUMS`,
    { nobody: '401 link.lapsed' },
  ),
  address(policySignature, (at) => `/projects/${at.project}/policy/1/signatures/${at.packets.policy}.asc`, forAll),
  address(
    policySignature,
    (at) => `/projects/${at.project}/policy/${at.openPolicy}/signatures/${at.packets.policy}.asc`,
    { nobody: '404 policy.not-found', invited: '404 signature.no-such-packet' },
  ),
  // A line of a witness proves itself (tests/server/witnesses.test.ts); what is none is no checkpoint to anybody.
  address(
    `address web/cosignatures.ts ${String(/^\/cosignatures$/)}`,
    () => ({ path: '/cosignatures', method: 'POST', body: 'no checkpoint' }),
    { nobody: '400 log.checkpoint' },
  ),
  address(history(/^\/account()\/history\.jsonl$/), () => '/account/history.jsonl', { nobody: signIn, outside: '200' }),
  address(api, () => '/api/v1/queue', forTokens),
  address(api, (at) => `/api/v1/drafts/${at.draft}/files/${at.file}`, forTokens),
  address(
    api,
    (at) => ({ path: `/api/v1/drafts/${at.draft}/decline`, method: 'POST', body: form({ reason: 'No.' }) }),
    forTokens,
  ),
  // Only a token as a password opens it (tests/web/legacy.test.ts); a session, even an owner's, is not looked at.
  address(
    String.raw`address web/legacy.ts /^\/legacy\/?$/`,
    () => ({ path: '/legacy/', method: 'POST', body: form({ ':action': 'file_upload' }) }),
    { nobody: '401' },
  ),
  // Each reads their own.
  address(live(/^\/inbox$/), () => '/inbox', { nobody: signIn, outside: '200' }),
  address(status(/^\/drafts\/([^/]+)\/status\.json$/), (at) => `/drafts/${at.draft}/status.json`, forReaders),
  address(
    status(/^\/projects\/([^/]+)\/releases\/([^/]+)\/status\.json$/),
    (at) => `/projects/${at.project}/releases/${at.draftVersion}/status.json`,
    forReaders,
  ),
  address(
    feed(/^\/projects\/([a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,99})\/feed\.atom$/),
    (at) => `/projects/${at.project}/feed.atom`,
    forAll,
  ),
  // Whoever has the address reads; a session opens no other.
  address(feed(/^\/feeds\/([A-Za-z0-9_-]{1,100})\.atom$/), () => '/feeds/unknown.atom', {
    nobody: '404 feed.not-found',
  }),
  address(
    history(/^\/drafts\/([0-9a-f]{12})\/history\.jsonl$/),
    (at) => `/drafts/${at.draft}/history.jsonl`,
    forSigners,
  ),
  address(
    history(/^\/projects\/([a-z0-9](?:-?[a-z0-9]){0,99})\/history\.jsonl$/),
    (at) => `/projects/${at.project}/history.jsonl`,
    forAll,
  ),
  // Whether there is such a project or not.
  address('address web/project-names.ts /^\\/projects\\/([^/?]+)(.*)$/s', () => '/projects/No_Such', {
    nobody: 'to /projects/no-such',
  }),
  address(declarationFile, (at) => `/projects/${at.project}/declarations/${'0'.repeat(64)}.json`, {
    nobody: signIn,
    outside: '403 person.may-not',
    maintainer: '404 declaration.not-found',
  }),
  address(policyFile, (at) => `/projects/${at.project}/policy/1/1.json`, forAll),
  address(policyFile, (at) => `/projects/${at.project}/policy/${at.openPolicy}/${at.openPolicy}.json`, {
    nobody: '404 policy.not-found',
    invited: '200',
  }),
  address(phrase, (at) => `/account/keys/${at.unproven}/phrase`, {
    nobody: signIn,
    outside: '404 key.not-found',
    owner: '200',
  }),
  address(
    downloads(/^\/account\/keys\/([^/]+)\/countersign-challenge\.asc$/),
    (at) => `/account/keys/${at.unproven}/countersign-challenge.asc`,
    { nobody: signIn, outside: '404 key.not-found', owner: '404 key.no-challenge' },
  ),
  address(
    downloads(/^\/mailbox\/([^/]+)\/([^/]+)\/attachments\/([^/]+)$/),
    (at) => `/mailbox/another-secret/${at.mail}/attachments/countersign-challenge.asc`,
    { nobody: '404 mailbox.not-found' },
  ),
  address(directory(/^\/pks\/lookup$/), (at) => `/pks/lookup?op=get&search=0x${at.maintainerKey}`, forAll),
  address(
    directory(/^\/vks\/v1\/by-fingerprint\/([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/),
    (at) => `/vks/v1/by-fingerprint/${at.maintainerKey}`,
    forAll,
  ),
  // A key that waits for its proof is nobody's yet: not even its person finds it in the directory.
  address(
    directory(/^\/vks\/v1\/by-fingerprint\/([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/),
    (at) => `/vks/v1/by-fingerprint/${at.unproven}`,
    noKey,
  ),
  address(
    directory(/^\/\.well-known\/openpgpkey\/(?:([A-Za-z0-9.-]{1,253})\/)?hu\/([a-z0-9]{32})$/),
    () => `/.well-known/openpgpkey/hu/${'y'.repeat(32)}`,
    noKey,
  ),
  address(
    directory(/^\/\.well-known\/openpgpkey\/(?:[A-Za-z0-9.-]{1,253}\/)?policy$/),
    () => '/.well-known/openpgpkey/policy',
    forAll,
  ),
  address(
    directory(/^\/projects\/([a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,99})\/keyring\.asc$/),
    (at) => `/projects/${at.project}/keyring.asc`,
    forAll,
  ),
  address(directory(/^\/(?:pks|vks|\.well-known\/openpgpkey)(?:\/|$)/), () => '/pks/nothing', noKey),
  address(
    String.raw`address web/evidence.ts /^\/projects\/([^/]+)\/releases\/([^/]+)\/([^/]+)\.evidence\.zip$/`,
    (at) => `/projects/${at.project}/releases/1.0/${at.project}-1.0.evidence.zip`,
    { nobody: '404 release.not-found' }, // nothing is published here yet
  ),
  address(handoff(/^\/handoff\/queue()$/), () => '/handoff/queue', forTheCountersigner('200')),
  address(
    handoff(/^\/handoff\/projects\/([a-z0-9-]+)$/),
    (at) => `/handoff/projects/${at.project}`,
    forTheCountersigner('200'),
  ),
  address(
    handoff(/^\/handoff\/drafts\/([0-9a-f]+)$/),
    (at) => `/handoff/drafts/${at.draft}`,
    forTheCountersigner('200'),
  ),
  address(
    handoff(/^\/handoff\/files\/([0-9a-f]+)$/),
    (at) => `/handoff/files/${at.fileSha256}`,
    forTheCountersigner('200'),
  ),
  // The token alone authorises nothing: what is posted must be signed by the index key.
  address(
    handoff(/^\/handoff\/results()$/),
    () => ({ path: '/handoff/results', method: 'POST', body: 'no hand-back' }),
    forTheCountersigner('503 handoff.no-index-key'),
  ),
  address(
    handoff(/^\/handoff\/findings()$/),
    () => ({ path: '/handoff/findings', method: 'POST', body: 'no findings' }),
    forTheCountersigner('400 input.not-json'),
  ),
];

// Where a bucket is, from one setting: `s3://BUCKET/FOLDER?endpoint=https://s3.example.org&region=eu-1`. The endpoint is always said, and asked by
// path (`https://s3.example.org/BUCKET/…`), which every S3-compatible store understands. Keys never stand in an address: addresses end up in logs.

export type BucketAddress = {
  /** `https://s3.example.org/BUCKET`, without a slash at the end. */
  base: string;
  /** Before every key: empty, or ends with a slash. */
  prefix: string;
  region: string;
};

/** What signs requests to it. */
export type BucketKeys = { accessKeyId: string; secretAccessKey: string };

const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const folderName = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;
const known = ['endpoint', 'region'];

/** Reads such a setting; a sentence (“must …”) where it cannot be used. */
export function readBucketAddress(text: string): BucketAddress | string {
  if (!URL.canParse(text) || !text.startsWith('s3://')) return 'must be an address that starts with s3://';
  const { hostname, pathname, searchParams, username, password, port } = new URL(text);
  const endpoint = readEndpoint(searchParams.get('endpoint'));
  const folder = pathname.replace(/^\/|\/$/g, '');
  const faults = {
    'must have no user, password or port: keys are S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, the host is endpoint=':
      `${username}${password}${port}` !== '',
    'must name a bucket of 3 to 63 small letters, digits, dots and hyphens': !bucketName.test(hostname),
    'must name a folder of letters, digits, dots and hyphens': folder !== '' && !folderName.test(folder),
    'must have no options but endpoint and region': [...searchParams.keys()].some((name) => !known.includes(name)),
    'must say endpoint=https://HOST (or http://), without a path': endpoint === null,
  };
  const fault = Object.entries(faults).find(([, isSo]) => isSo);
  if (fault) return fault[0];
  return {
    base: `${endpoint}/${hostname}`,
    prefix: folder === '' ? '' : `${folder}/`,
    region: searchParams.get('region') ?? 'us-east-1',
  };
}

function readEndpoint(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const { protocol, origin, pathname, search, hash, username } = new URL(text);
  const isPlain = pathname === '/' && search === '' && hash === '' && username === '';
  return ['http:', 'https:'].includes(protocol) && isPlain ? origin : null;
}

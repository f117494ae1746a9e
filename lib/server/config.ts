// The settings of the server programs: read once from the environment, checked together, all faults told at once.
// Trusts whoever starts the program. Refuses a setting it cannot read; no switch here weakens a check.
// A secret can be given as NAME or as NAME_FILE; without either it is made at first start (secrets.ts).
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readIndexName, type IndexName } from '#lib/core/ids.ts';
import { readBucketAddress, type BucketAddress, type BucketKeys } from './files/bucket-address.ts';
import { readKeyServer, type KeyServer } from './key-servers/key-server.ts';
import { limits } from './limits.ts';
import { readSender } from './mail/address.ts';
import { readWitnesses, type Witness } from './witnesses/witness.ts';

export type Config = {
  /** Absolute path of the data folder. */
  dataFolder: string;
  host: string;
  port: number;
  /** Where people reach the instance: `https://sign.example.org`, without a slash at the end. The base of every link. */
  publicUrl: string;
  indexName: IndexName;
  /** null: the embedded database in `data/pg`. */
  databaseUrl: string | null;
  /** null: `data/files`. */
  filesBucket: BucketAddress | null;
  /** Where the index tree is put as well; null: nowhere but here. */
  indexBucket: BucketAddress | null;
  /** This program keeps a copy of the tree of its own, and follows what jobs places elsewhere. */
  indexFollow: boolean;
  /** Listings also under their address with a slash at the end, for a bucket that has no index documents. */
  indexSlash: boolean;
  /** What opens buckets; there where one is named. */
  bucketKeys: BucketKeys | null;
  /** null: the local mailbox. */
  smtpUrl: string | null;
  mailFrom: string;
  /** The private key that signs mail (mail/signing-key.ts), made at first start; null: mail is not signed. */
  mailSigningKeyFile: string | null;
  /** null: `data/handoff-token`, made at first start. */
  handoffToken: string | null;
  /** null: `data/session-secret`, made at first start. */
  sessionSecret: string | null;
  /** null: `data/operator-secret`, made at first start. */
  operatorSecret: string | null;
  /** null: `data/mailbox-secret`, made at first start. */
  mailboxSecret: string | null;
  /** null: `data/webhook-key`, made at first start. Every program of the instance needs the same. */
  webhookKey: string | null;
  /** Hosts in the operator's own network that webhooks may be sent to, each as in an address: `ci.internal:8080`. */
  webhookHosts: string[];
  /** The public certificate of the countersigner. */
  indexKeyFile: string;
  /** The only hosts that are asked for keys; empty: none, and no page offers it. */
  keyServers: KeyServer[];
  /** Whose cosignatures on the log are taken, and where they are asked for. */
  witnesses: Witness[];
  /** text: for people, without a line for each request. */
  log: 'json' | 'text';
  /** What Prometheus shows at `/metrics`; null: that page is not there. */
  metricsToken: string | null;
  /** How long what is running may go on when the program is told to end. */
  shutdownSeconds: number;
};

type Environment = Record<string, string | undefined>;

const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

const origin = url('http:', 'https:')
  .refine((text) => !URL.canParse(text) || (new URL(text).pathname === '/' && !/[?#@]/.test(text)), {
    error: 'must have no path, query or user',
  })
  .transform((text) => (URL.canParse(text) ? new URL(text).origin : text));

const bucket = z
  .string()
  .nullable()
  .default(null)
  .transform((text, { addIssue }) => {
    const found = text === null ? null : readBucketAddress(text);
    if (typeof found !== 'string') return found;
    addIssue({ code: 'custom', message: found });
    return z.NEVER;
  });

const secret = z.string().min(32, { error: 'must have at least 32 characters' }).nullable().default(null);

/** A host as `URL.host` spells it: with its port, unless it is the one of the protocol. */
const isHost = (text: string): boolean =>
  ['http', 'https'].some(
    (protocol) => URL.canParse(`${protocol}://${text}/`) && new URL(`${protocol}://${text}/`).host === text,
  );

const webhookHosts = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
  .refine((hosts) => hosts.every(isHost), { error: 'must be hosts, with a port where it is not the usual one' });

const keyServers = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
  .refine((names) => names.length <= limits.keyServersMax, { error: `must name at most ${limits.keyServersMax}` })
  .refine((names) => names.every((name) => readKeyServer(name) !== null), {
    error: 'must be addresses that start with https:// or http:// (VKS), hkps:// or hkp:// (HKP)',
  })
  .transform((names) => names.flatMap((name) => readKeyServer(name) ?? []));

const witnesses = z
  .string()
  .default('')
  .transform((text, { addIssue }) => {
    const found = witnessesOrFault(text);
    if (Array.isArray(found)) return found;
    addIssue({ code: 'custom', message: found });
    return z.NEVER;
  });

function witnessesOrFault(text: string): Witness[] | string {
  try {
    return readWitnesses(text) ?? 'must be keys of witnesses, each once, with an http(s) address behind it or without';
  } catch (fault) {
    if (isRefusal(fault)) return `must be keys of witnesses: ${fault.message}`;
    throw fault;
  }
}

const schema = z.object({
  DATA_DIR: z.string().default('./data'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65535).default(3000),
  PUBLIC_URL: origin.optional(),
  INDEX_NAME: z.string().optional(),
  DATABASE_URL: url('postgres:', 'postgresql:').nullable().default(null),
  FILES_URL: bucket,
  INDEX_URL: bucket,
  INDEX_SLASH: z.enum(['yes', 'no'], { error: 'must be yes or no' }).default('no'),
  INDEX_FOLLOW: z.enum(['yes', 'no'], { error: 'must be yes or no' }).default('no'),
  S3_ACCESS_KEY_ID: z.string().nullable().default(null),
  S3_SECRET_ACCESS_KEY: z.string().nullable().default(null),
  SMTP_URL: url('smtp:', 'smtps:').nullable().default(null),
  MAIL_FROM: z
    .string()
    .refine((text) => readSender(text) !== null, {
      error: 'must be one mailbox: countersign@example.org, or Name <countersign@example.org>',
    })
    .optional(),
  MAIL_SIGNING_KEY_FILE: z.string().nullable().default(null),
  HANDOFF_TOKEN: secret,
  SESSION_SECRET: secret,
  OPERATOR_SECRET: secret,
  MAILBOX_SECRET: secret,
  WEBHOOK_KEY: secret,
  WEBHOOK_HOSTS: webhookHosts,
  INDEX_KEY_FILE: z.string().optional(),
  KEY_SERVERS: keyServers,
  WITNESSES: witnesses,
  LOG: z.enum(['json', 'text'], { error: 'must be json or text' }).default('text'),
  METRICS_TOKEN: secret,
  SHUTDOWN_SECONDS: z.coerce.number({ error: 'must be a number of seconds' }).int().min(1).max(3600).default(10),
});

// prettier-ignore
const secretNames = ['OPERATOR_SECRET', 'MAILBOX_SECRET', 'S3_SECRET_ACCESS_KEY', 'DATABASE_URL', 'SMTP_URL', 'HANDOFF_TOKEN', 'SESSION_SECRET', 'WEBHOOK_KEY', 'METRICS_TOKEN'] as const;

/** NAME_FILE → NAME; an empty setting is no setting. Unreadable files are reported with the other faults. */
function gather(environment: Environment, problems: string[]): Environment {
  const known = Object.keys(schema.shape).map((name) => [name, environment[name] || undefined]);
  const settings = Object.fromEntries(known) as Environment;
  for (const name of secretNames) {
    const file = environment[`${name}_FILE`];
    if (!file) continue;
    if (settings[name] !== undefined) problems.push(`${name} and ${name}_FILE are both set; set one of them`);
    try {
      settings[name] = readFileSync(file, 'utf8').trim();
    } catch (fault) {
      problems.push(`${name}_FILE cannot be read (${fault instanceof Error ? fault.message : 'unknown reason'})`);
    }
  }
  return settings;
}

type Settings = z.infer<typeof schema>;

/** With the embedded database there is one program, and its tree is the tree. */
const followProblems = ({ INDEX_FOLLOW, DATABASE_URL }: Settings): string[] =>
  INDEX_FOLLOW === 'yes' && DATABASE_URL === null ? ['INDEX_FOLLOW needs DATABASE_URL as well'] : [];

/** A bucket is no use without its keys; keys alone are a mistake in the name of the other setting. */
function bucketProblems(settings: Settings): string[] {
  const [named] = (['FILES_URL', 'INDEX_URL'] as const).filter((name) => settings[name] !== null);
  const keys = ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;
  if (named) return keys.filter((name) => settings[name] === null).map((name) => `${named} needs ${name} as well`);
  const unused = keys.filter((name) => settings[name] !== null);
  return unused.map((name) => `${name} is set, and neither FILES_URL nor INDEX_URL is`);
}

function bucketKeysOf({ S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY }: Settings): BucketKeys | null {
  if (S3_ACCESS_KEY_ID === null || S3_SECRET_ACCESS_KEY === null) return null;
  return { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY };
}

/**
 * Reads and checks all settings.
 * @throws `config.unreadable` with every fault in one sentence
 */
export function readConfig(environment: Environment): Config {
  const problems: string[] = [];
  const read = schema.safeParse(gather(environment, problems));
  if (!read.success) problems.push(...read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  if (read.success) problems.push(...bucketProblems(read.data), ...followProblems(read.data));
  if (!read.success || problems.length > 0) throw refuse('config.unreadable', { problems });
  const settings = read.data;
  const publicUrl = settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`;
  const dataFolder = path.resolve(settings.DATA_DIR);
  return {
    dataFolder,
    host: settings.HOST,
    port: settings.PORT,
    publicUrl,
    indexName: readIndexName(settings.INDEX_NAME ?? new URL(publicUrl).host),
    databaseUrl: settings.DATABASE_URL,
    filesBucket: settings.FILES_URL,
    indexBucket: settings.INDEX_URL,
    indexSlash: settings.INDEX_SLASH === 'yes',
    indexFollow: settings.INDEX_FOLLOW === 'yes',
    bucketKeys: bucketKeysOf(settings),
    smtpUrl: settings.SMTP_URL,
    mailFrom: settings.MAIL_FROM ?? `Countersign <countersign@${new URL(publicUrl).hostname}>`,
    mailSigningKeyFile: settings.MAIL_SIGNING_KEY_FILE === null ? null : path.resolve(settings.MAIL_SIGNING_KEY_FILE),
    handoffToken: settings.HANDOFF_TOKEN,
    sessionSecret: settings.SESSION_SECRET,
    operatorSecret: settings.OPERATOR_SECRET,
    mailboxSecret: settings.MAILBOX_SECRET,
    webhookKey: settings.WEBHOOK_KEY,
    webhookHosts: settings.WEBHOOK_HOSTS,
    indexKeyFile: path.resolve(settings.INDEX_KEY_FILE ?? path.join(dataFolder, 'countersigner', 'index.asc')),
    keyServers: settings.KEY_SERVERS,
    witnesses: settings.WITNESSES,
    log: settings.LOG,
    metricsToken: settings.METRICS_TOKEN,
    shutdownSeconds: settings.SHUTDOWN_SECONDS,
  };
}

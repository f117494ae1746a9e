// The secrets of an instance: given in the settings, or made once at first start and kept in the data folder with 0600.
// Whoever reads the data folder has them; they never stand in a log, a row or a page.
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Config } from './config.ts';

export type Secrets = {
  /** What the countersigner shows at the hand-over address. */
  handoff: string;
  /** next-auth signs its CSRF cookies with it. */
  session: string;
  /** The path part of the local mailbox. */
  mailbox: string;
  /** The path part of the operator's pages. */
  operator: string;
  /** From it the secrets of webhooks are derived. */
  webhooks: string;
};

/** 256 random bits as text that fits into an address. */
export const makeToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a token: whoever reads the database cannot use it. Hostile input; any text has a hash. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Writes a file for its owner alone, unless it is there already; answers what stands in it. */
export function keepOnce(file: string, text: string): string {
  const written = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const descriptor = openSync(written, 'wx', 0o600);
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
  try {
    // link() fails where the file exists, so that two first starts agree on one secret and none is half written.
    linkSync(written, file);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
  } finally {
    rmSync(written);
  }
  return readFileSync(file, 'utf8').trim();
}

/** The secrets of the settings; what is missing there is read from, or made in, the data folder. */
export function openSecrets(config: Config): Secrets {
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
  const kept = (name: string): string => keepOnce(path.join(config.dataFolder, name), `${makeToken()}\n`);
  return {
    handoff: config.handoffToken ?? kept('handoff-token'),
    session: config.sessionSecret ?? kept('session-secret'),
    mailbox: config.mailboxSecret ?? kept('mailbox-secret'),
    operator: config.operatorSecret ?? kept('operator-secret'),
    webhooks: config.webhookKey ?? kept('webhook-key'),
  };
}

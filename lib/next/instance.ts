// The few things that pages say about this instance: its name, where it is reached, and what time it is here. All from the runtime, never from a request.

import 'server-only';
import { clientPath } from '#lib/server/client-program.ts';
import { runtime } from '#lib/server/runtime.ts';

/** `https://sign.example.org`, without a slash at the end. */
export const publicUrl = (): string => runtime().config.publicUrl;

/** The name that every statement binds. */
export const indexName = (): string => runtime().indexName;

/** The server's time in milliseconds. */
export const serverTime = (): number => runtime().clock.now().getTime();

/** Where the client is to be had, and its SHA-256; null: not here. */
export const clientDownload = (): { path: string; sha256: string } | null => {
  const { client } = runtime();
  return client && { path: clientPath, sha256: client.sha256 };
};

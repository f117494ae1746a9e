// The few things that pages say about this instance: its name, where it is reached, and what time it is here. All from the runtime, never from a request.

import 'server-only';
import { runtime } from '#lib/server/runtime.ts';

/** `https://sign.example.org`, without a slash at the end. */
export const publicUrl = (): string => runtime().config.publicUrl;

/** The name that every statement binds. */
export const indexName = (): string => runtime().indexName;

/** The server's time in milliseconds. */
export const serverTime = (): number => runtime().clock.now().getTime();

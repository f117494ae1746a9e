// The two things that pages say about this instance: where it is reached, and what time it is here. Both from the runtime, never from a request.

import 'server-only';
import { runtime } from '#lib/server/runtime.ts';

/** `https://sign.example.org`, without a slash at the end. */
export const publicUrl = (): string => runtime().config.publicUrl;

/** The server's time in milliseconds. */
export const serverTime = (): number => runtime().clock.now().getTime();

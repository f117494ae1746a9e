// What a child process of the web program runs (lib/child): looking into uploaded bytes, and nothing else.
import { serveTurns } from '#lib/child/serve-turns.ts';
import { turns } from './turns.ts';

serveTurns(turns);

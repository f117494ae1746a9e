// What a child process of the countersigner runs (child.ts): judging, and nothing else.
import { serveTurns } from '#lib/child/serve-turns.ts';
import { turns } from './turns.ts';

serveTurns(turns);

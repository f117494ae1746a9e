// A folder with the rights of everything in it, as a backup takes it. From Node 22 on a plain `cpSync` gives new folders the rights that are usual, so that a countersigner
// refuses its own state; with a filter it keeps them.
import { cpSync } from 'node:fs';

export const copyFolder = (from: string, to: string): void => cpSync(from, to, { recursive: true, filter: () => true });

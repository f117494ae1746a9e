// What the scripts that get keys can say: they are read by strangers, byte by byte, so they carry no sentence about anything else. Takes the place
// of every-refusal.ts when those scripts are built (scripts/build-browser.mjs). tests/rooms/browser-scripts.test.ts reads the sources that went
// into each script and finds every code that they name in here.
import { refusalsOfDocuments } from './refusals-of-documents.ts';
import { refusalsOfKeys } from './refusals-of-keys.ts';

export const everyRefusal = {
  ...refusalsOfDocuments,
  ...refusalsOfKeys,
};

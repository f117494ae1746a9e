// Every row of the register of refusals, from one file per group of areas. A code stands in one of them (tests/core/register.test.ts).
// Only errors.ts asks for it; the scripts that get keys are built with refusals-in-workers.ts in its place (scripts/build-browser.mjs).
// Refuses nothing by itself.
import { refusalsOfDocuments } from './refusals-of-documents.ts';
import { refusalsOfKeys } from './refusals-of-keys.ts';
import { refusalsOfFiles } from './refusals-of-files.ts';
import { refusalsOfAccounts } from './refusals-of-accounts.ts';
import { refusalsOfRunning } from './refusals-of-running.ts';
import { refusalsOfClients } from './refusals-of-clients.ts';

export const everyRefusal = {
  ...refusalsOfDocuments,
  ...refusalsOfKeys,
  ...refusalsOfFiles,
  ...refusalsOfAccounts,
  ...refusalsOfRunning,
  ...refusalsOfClients,
};

// The table of addresses for programs, below /api/v1/. To add one, put a row into the file of what it is about (docs/formats/api.md, “Another address”):
// everything else, the routing, the rights of scopes, the OpenAPI document, its page and the tests, follows from it.
import { accountDoors } from './account-doors.ts';
import { declarationDoors } from './declaration-doors.ts';
import { draftCareDoors } from './draft-care-doors.ts';
import { draftDoors } from './draft-doors.ts';
import type { Door } from './door.ts';
import { historyDoors } from './history-doors.ts';
import { keyDoors } from './key-doors.ts';
import { policyDoors } from './policy-doors.ts';
import { projectDoors } from './project-doors.ts';
import { projectTokenDoors } from './project-token-doors.ts';
import { talkDoors } from './talk-doors.ts';
import { tokenDoors } from './token-doors.ts';
import { uploadDoors } from './upload-doors.ts';

export const doors: readonly Door[] = [
  ...tokenDoors,
  ...draftDoors,
  ...draftCareDoors,
  ...talkDoors,
  ...projectDoors,
  ...projectTokenDoors,
  ...policyDoors,
  ...declarationDoors,
  ...historyDoors,
  ...accountDoors,
  ...keyDoors,
  ...uploadDoors,
];

// The list of our own handlers, asked in this order before Next: each answers and says true, or leaves the request alone.
// They are here and not in Next because Next holds or cuts bodies, or because no page is concerned (uploads, hand-over).
// Each handler checks by itself who asks; being in this list grants nothing.

import { apiRoute } from './api.ts';
import { clientRoute } from './client.ts';
import { cosignatureRoute } from './cosignatures.ts';
import { downloadRoute } from './downloads.ts';
import { evidenceRoute } from './evidence.ts';
import { feedRoute } from './feeds.ts';
import { handoffRoute } from './handoff.ts';
import { healthRoute } from './health.ts';
import { historyRoute } from './history-download.ts';
import { keyDirectoryRoute } from './key-directory.ts';
import { legacyRoute } from './legacy.ts';
import { liveRoute } from './live.ts';
import { personalLinkRoute } from './personal-links.ts';
import { previewRoute } from './previews.ts';
import { projectNameRoute } from './project-names.ts';
import { resumableRoute } from './resumable.ts';
import { statusRoute } from './status.ts';
import type { OwnRoute } from './tree.ts';
import { unsubscribeRoute } from './unsubscribe.ts';
import { uploadRoute } from './upload.ts';

/** Every own handler but the index tree and the browser scripts, which web/server.ts answers first. */
export function ownRoutes(): OwnRoute[] {
  return [
    healthRoute,
    projectNameRoute,
    uploadRoute,
    resumableRoute,
    downloadRoute,
    evidenceRoute,
    clientRoute,
    historyRoute,
    statusRoute,
    apiRoute,
    legacyRoute,
    feedRoute,
    keyDirectoryRoute,
    personalLinkRoute,
    previewRoute,
    liveRoute,
    unsubscribeRoute,
    handoffRoute,
    cosignatureRoute,
  ];
}

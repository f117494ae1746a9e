// The doors of the page for files that come in several requests (tus, lib/server/http/tus.ts): begin one for a project, ask how far it is, go on, end it.
// The session cookie says who asks, at every request; a browser must say that the request is ours. Programs have the same below
// /api/v1/. Refusals are JSON with code and sentence.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import { readActor } from '#lib/server/http/session.ts';
import { tusAbilities, tusBegin, tusContinue, tusEnd, tusState, type TusAnswer } from '#lib/server/http/tus.ts';
import { keepingRefusedChange } from '#lib/server/history/refused-change.ts';
import { waitingUploads } from '#lib/server/queries/uploads.ts';
import { runtime } from '#lib/server/runtime.ts';
import { finishReading } from './finish-reading.ts';
import { transportHeaders } from './headers.ts';
import type { OwnRoute } from './tree.ts';
import { requireOwnForm } from './upload.ts';

const ofProject = /^\/projects\/([^/]+)\/uploads$/;
const ofUpload = /^\/uploads\/([A-Za-z0-9_-]{1,64})$/;
const ofPrograms = /^\/api\/v1\/(?:projects\/[^/]+\/)?uploads(?:\/|$)/;

/** Answers `/projects/NAME/uploads` and `/uploads/ID`, and says in front of the doors of programs which protocol they speak. */
export const resumableRoute: OwnRoute = async (req, res) => {
  const [address = ''] = (req.url ?? '/').split('?');
  if (ofPrograms.test(address)) res.setHeader('Tus-Resumable', tusAbilities()['Tus-Resumable'] ?? '');
  const [, project] = ofProject.exec(address) ?? [];
  const [, upload] = ofUpload.exec(address) ?? [];
  const isOurs = project !== undefined || upload !== undefined;
  if (req.method === 'OPTIONS' && (isOurs || ofPrograms.test(address))) return answerEmpty(res, 204, tusAbilities());
  if (!isOurs) return false;
  try {
    await keepingRefusedChange(() => answer(req, res, { project, upload }));
  } catch (fault) {
    answerRefused(res, fault);
  } finally {
    finishReading(req);
  }
  return true;
};

type Place = { project: string | undefined; upload: string | undefined };

async function answer(req: IncomingMessage, res: ServerResponse, { project, upload }: Place): Promise<void> {
  requireOwnForm(req);
  const actor = await readActor(req.headers.cookie);
  if (project !== undefined && req.method === 'GET')
    return answerJson(res, { uploads: await waitingUploads(actor, project) });
  const send = ({ status, headers }: TusAnswer): void => void answerEmpty(res, status, headers);
  if (project !== undefined && req.method === 'POST')
    return send(await tusBegin(actor, project, req, (id) => `/uploads/${id}`));
  if (upload !== undefined && req.method === 'HEAD') return send(await tusState(actor, upload, req));
  if (upload !== undefined && req.method === 'PATCH') return send(await tusContinue(actor, upload, req));
  if (upload !== undefined && req.method === 'DELETE') return send(await tusEnd(actor, upload, req));
  throw refuse('api.no-such', {
    method: req.method ?? '',
    allowed: project === undefined ? 'HEAD, PATCH, DELETE' : 'GET, POST',
  });
}

const always = (): Record<string, string> => ({
  ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
  'Cache-Control': 'private, no-store',
});

function answerEmpty(res: ServerResponse, status: number, headers: Record<string, string>): true {
  res.writeHead(status, { ...always(), ...headers, ...(status !== 204 && { 'Content-Length': '0' }) }).end();
  return true;
}

function answerJson(res: ServerResponse, told: object): void {
  res.writeHead(200, { ...always(), 'Content-Type': 'application/json' }).end(JSON.stringify(told));
}

function answerRefused(res: ServerResponse, fault: unknown): void {
  if (res.headersSent) return void res.destroy();
  const { status, headers, body } = answerRefusal(asRefusal(fault));
  res.writeHead(status, { ...always(), ...headers, 'Tus-Resumable': '1.0.0' }).end(JSON.stringify(body));
}

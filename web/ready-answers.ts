// Answers of the index that were made a moment ago, ready to be sent again as they are: a request that is equal in everything that an answer
// depends on costs one look here. All of them are forgotten together after `lifeMs`, so nothing has to be invalidated.
// The requests are hostile: what is kept is bounded in number and in bytes, and a flood of invented addresses only empties this list.

import type { IncomingMessage, ServerResponse } from 'node:http';

/** Status, headers (name, value, name, value …) and body of one whole answer; no body for HEAD and 304. */
export type ReadyAnswer = { status: number; headers: string[]; body: Buffer | undefined };

export type ReadyAnswers = {
  /** What was answered to an equal request less than `lifeMs` ago. */
  find(req: IncomingMessage): ReadyAnswer | undefined;
  keep(req: IncomingMessage, answer: ReadyAnswer): void;
};

type Kept = {
  method: string | undefined;
  accept: string | undefined;
  encoding: string | string[] | undefined;
  known: string | undefined;
  answer: ReadyAnswer;
};

const answersMax = 1_024;
const bodyBytesMax = 64 * 1024;
const addressLengthMax = 512;

/** `lifeMs` 0: nothing is kept. */
export function createReadyAnswers(lifeMs: number): ReadyAnswers {
  const kept = new Map<string, Kept[]>();
  let count = 0;
  let since = 0;

  function forgetAll(): void {
    kept.clear();
    count = 0;
    since = performance.now();
  }

  function find(req: IncomingMessage): ReadyAnswer | undefined {
    const candidates = kept.get(req.url ?? '');
    if (candidates === undefined) return undefined;
    if (performance.now() - since >= lifeMs) {
      forgetAll();
      return undefined;
    }
    const { method, headers } = req;
    for (const { method: asked, accept, encoding, known, answer } of candidates)
      if (
        asked === method &&
        accept === headers.accept &&
        encoding === headers['accept-encoding'] &&
        known === headers['if-none-match']
      )
        return answer;
    return undefined;
  }

  function keep(req: IncomingMessage, answer: ReadyAnswer): void {
    if (!isWorthKeeping(req, answer)) return;
    if (count >= answersMax || performance.now() - since >= lifeMs) forgetAll();
    const { method, headers, url = '' } = req;
    const { accept, 'accept-encoding': encoding, 'if-none-match': known } = headers;
    kept.set(url, [...(kept.get(url) ?? []), { method, accept, encoding, known, answer }]);
    count += 1;
  }

  return { find, keep };
}

const isWorthKeeping = ({ url = '' }: IncomingMessage, { body }: ReadyAnswer): boolean =>
  url.length <= addressLengthMax && (body?.length ?? 0) <= bodyBytesMax;

/** Sends a whole answer. */
export function sendReady(res: ServerResponse, { status, headers, body }: ReadyAnswer): true {
  res.writeHead(status, headers).end(body);
  return true;
}

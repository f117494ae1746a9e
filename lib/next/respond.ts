// Route handlers: a refusal becomes a Response with its status and a problem document; Next's own signals pass through.
// Trusts nothing that is thrown; gives away only what lib/server/http/refusal.ts lets through.

import 'server-only';
import { unstable_rethrow } from 'next/navigation';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';

/** Runs a route's work and answers with its Response, or with the refusal it threw. Never throws, except Next's redirect and not-found. */
export async function respond(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (fault) {
    unstable_rethrow(fault);
    const answer = answerRefusal(asRefusal(fault));
    return new Response(JSON.stringify(answer.body), { status: answer.status, headers: answer.headers });
  }
}

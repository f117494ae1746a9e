// What a signing panel hands in for a draft: on its own page, and where several are signed together. The revision that was looked at goes along:
// what somebody did not see they cannot sign.

import 'server-only';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { action } from './action.ts';
import { handIn } from './handed-in.ts';
import { currentActor } from './session.ts';

/** One sentence for each signature in the form, or the refusal of the whole. Never throws. */
export const handInForDraft = (draft: string, expectedRevision: number, form: FormData) =>
  action(() =>
    handIn(form, async (signature, way) => {
      const input = { draft, signature, way, expectedRevision };
      return (await addSignature(await currentActor(), input)).outcomes;
    }),
  );

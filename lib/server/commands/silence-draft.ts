// A person puts reminders of one draft off, mutes it, or wants mail about it as ever. Their own wish about their own mail: signed in, or by
// their personal link. It holds nobody else up and says nothing about the draft.
import { renderInstant, type DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { readSilenceWish } from '#lib/core/reminding.ts';
import { stepFrom } from '#lib/core/release.ts';
import { change, viaOf } from '#lib/server/change.ts';
import { lockDraft } from '#lib/server/judge/find-draft.ts';
import { draftFacts } from '#lib/server/judge/load-case.ts';
import { keepSilence } from '#lib/server/judge/silence.ts';

/** `wish`: a word of core's SilenceWish. @throws `person.…`, `draft.not-found`, `draft.not-now`, `input.not-a`, `link.…` */
export async function silenceDraft(actor: Actor, input: { draft: string; wish: string }): Promise<{ draft: DraftId }> {
  return change(actor, viaOf(actor), async (work) => {
    const { row, name } = await lockDraft(work.tx, actor, 'draft.silence', input.draft);
    const wish = readSilenceWish(input.wish);
    const { id, project, version, state } = draftFacts(row);
    stepFrom(state, 'withdraw'); // before it has ended; afterwards there is nothing to hear
    const silence = await keepSilence(work, id, name, wish);
    const until = typeof silence?.until === 'number' ? renderInstant(silence.until) : null;
    // About the person alone: an entry of the project or the draft would tell the others.
    await work.record('draft.silenced', { person: name, details: { release: `${project} ${version}`, wish, until } });
    return { draft: id };
  });
}

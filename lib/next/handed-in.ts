// What was handed in on a signing panel: the same fields for a release, a policy and a key proof. Hostile; the commands check every packet.
// Each upload is answered by itself: one that is refused does not lose the others.

import 'server-only';
import { refuse } from '#lib/core/errors.ts';
import { asRefusal } from '#lib/server/http/refusal.ts';
import { filesOf, textOf } from './form-fields.ts';

type Way = 'browser' | 'upload' | 'paste';
type Upload = { name: string; bytes: Uint8Array; way: Way };

/** What a command says about one packet. */
type Outcome = { result: 'counted' | 'already-there' | 'refused'; says: string };

/** One line for people: what it was, whether it counts, and why. */
export type HandedSignature = { name: string; counts: boolean; sentence: string };

const signatureBytesMax = 64 * 1024;
const uploadsMax = 16;

/**
 * Gives every upload of the form to `take`, one after the other, and says what became of each. Refuses `input.missing` where nothing was
 * handed in, `signature.too-large` over 64 KiB, `signature.too-many` over 16 files.
 */
export async function handIn(
  form: FormData,
  take: (signature: Uint8Array, way: Way) => Promise<Outcome[]>,
): Promise<{ results: HandedSignature[] }> {
  const results: HandedSignature[] = [];
  for (const { name, bytes, way } of await uploadsOf(form)) {
    try {
      const outcomes = await take(bytes, way);
      results.push(...outcomes.map(({ result, says }) => ({ name, counts: result !== 'refused', sentence: says })));
    } catch (fault) {
      results.push({ name, counts: false, sentence: asRefusal(fault).message });
    }
  }
  return { results };
}

async function uploadsOf(form: FormData): Promise<Upload[]> {
  const pasted = textOf(form, 'pasted');
  const isBrowser = textOf(form, 'way') === 'browser';
  const pastedName = isBrowser ? 'Your signature' : 'The pasted signature';
  const pastedWay: Way = isBrowser ? 'browser' : 'paste';
  const given: { name: string; blob: Blob; way: Way }[] = [
    ...filesOf(form, 'signature').map((file) => ({ name: file.name, blob: file, way: 'upload' as const })),
    ...(pasted === '' ? [] : [{ name: pastedName, blob: new Blob([`${pasted}\n`]), way: pastedWay }]),
  ];
  if (given.length === 0) throw refuse('input.missing', { field: 'the signature, as a file or as text' });
  if (given.length > uploadsMax) throw refuse('signature.too-many', { most: uploadsMax });
  const tooLarge = given.find(({ blob }) => blob.size > signatureBytesMax);
  if (tooLarge) throw refuse('signature.too-large', { bytes: tooLarge.blob.size, most: signatureBytesMax });
  return Promise.all(
    given.map(async ({ name, blob, way }) => ({ name, way, bytes: new Uint8Array(await blob.arrayBuffer()) })),
  );
}

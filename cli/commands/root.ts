// `countersign root key FILE` makes the key of one holder of a TUF root; `countersign root sign ROOT KEY` shows what a root says and signs it
// (docs/guide/root-ceremony.md). Both work offline, on the holder's own machine. Exit codes: 0 done, 1 refused, 2 unusable input.
import { writeFileSync } from 'node:fs';
import { refuse } from '#lib/core/errors.ts';
import { signEd25519 } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import {
  readRoot,
  renderRoot,
  rootRoles,
  signedRootBytes,
  tufKeyId,
  type RootDocument,
  type RootFacts,
} from '#lib/evidence/root-document.ts';
import { InputFault, readInput } from '#cli/read-input.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { makeHolderKey, openHolderKey } from '#cli/root/holder-key.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

/** Where the passphrase comes from. */
export type AskPassphrase = (question: { twice: boolean }) => Promise<string>;

/** Makes a key and says its public half, to be handed to whoever writes the root. Never throws. */
export async function rootKeyCommand(file: string, ask: AskPassphrase): Promise<CommandOutcome> {
  try {
    const key = makeHolderKey(file, await ask({ twice: true }));
    return { exit: 0, out: `${key}\n`, err: 'That is the public half: hand it to whoever writes the root.\n' };
  } catch (fault) {
    return refusalOutcome(fault, false);
  }
}

/** Shows a root, and signs it with this key: the signature goes into the file. Never throws. */
export async function rootSignCommand(
  { root, key, before }: { root: string; key: string; before?: string | undefined },
  { ask, show }: { ask: AskPassphrase; show: (text: string) => void },
): Promise<CommandOutcome> {
  try {
    const document = readRoot(await readInput(root, rootBytesMax), hashing);
    const keyFile = await readInput(key, keyBytesMax);
    show(`${describeRoot(document.facts).map(safeForTerminal).join('\n')}\n`);
    const { privateKey, publicHex } = openHolderKey(key, keyFile, await ask({ twice: false }));
    const { facts } = document;
    // Whoever held the root before and holds this one no more signs it as well.
    const leaving =
      before === undefined ? [] : readRoot(await readInput(before, rootBytesMax), hashing).facts.roles.root.keys;
    if (![...facts.roles.root.keys, ...leaving].includes(publicHex))
      throw refuse('root.not-a-holder', { key: publicHex });
    const keyId = tufKeyId(publicHex, hashing);
    const signature = Buffer.from(signEd25519(privateKey, signedRootBytes(facts, hashing))).toString('hex');
    const others = document.signatures.filter((entry) => entry.keyId !== keyId);
    const signed: RootDocument = { facts, signatures: [...others, { keyId, signature }] };
    writeFileSync(root, renderRoot(signed, hashing), { flush: true });
    const said = `Signed. ${safeForTerminal(root)} has ${signed.signatures.length} of its signatures now.\n`;
    return { exit: 0, out: said, err: '' };
  } catch (fault) {
    if (fault instanceof InputFault) return { exit: 2, out: '', err: `${safeForTerminal(fault.message)}\n` };
    return refusalOutcome(fault, false);
  }
}

const rootBytesMax = 512 * 1024;
const keyBytesMax = 16 * 1024;

/** What a holder compares with what was agreed. */
function describeRoot({ version, expires, index, stage, roles }: RootFacts): string[] {
  const head = [`Root ${version} of ${index} (${stage}), good until ${expires}`];
  const rules = rootRoles.map((role) => {
    const { keys, threshold } = roles[role];
    return [`${role}: ${threshold} of ${keys.length}`, ...keys.map((key) => `  ${key}`)];
  });
  return [...head, ...rules.flat()];
}

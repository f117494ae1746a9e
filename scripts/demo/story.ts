// The main job, step by step, as three people do it on the pages of a running instance: sign in, register a key, found a project, invite,
// open a draft, sign. Each step goes through the forms that a visitor without script gets, and fails with what the page said.
// The demo tells it; the tests of interoperability and the bench start from what it leaves.
import { makeGnupgPerson, type GnupgPerson } from './gnupg.ts';
import type { Mailbox } from './mailbox.ts';
import { linkOf, openVisitor, readableText, type Page, type Upload, type Visitor } from './visitor.ts';

export type Person = { name: string; address: string; visitor: Visitor; gnupg: GnupgPerson };

export type World = { base: string; mailbox: Mailbox };

function requireText(page: Page, expected: RegExp, step: string): Page {
  const says = readableText(page.html);
  if (page.status < 400 && expected.test(says)) return page;
  throw new Error(`${step}: ${page.url} answered ${page.status} and says: ${says.slice(0, 900)}`);
}

/** A link of ours in a mail, as a path of this instance. */
function pathIn(links: string[], start: string): string {
  const found = links.map((link) => new URL(link)).find((url) => url.pathname.startsWith(start));
  if (!found) throw new Error(`No link to ${start}… in the mail; it has ${links.join(', ') || 'none'}.`);
  return found.pathname + found.search;
}

/** Makes a person with a real GnuPG key and signs them in by mail link; a new address creates the account. */
export async function arrive(world: World, name: string): Promise<Person> {
  const address = `${name}@example.org`;
  const gnupg = await makeGnupgPerson(`${name.replace(/^./, (first) => first.toUpperCase())} <${address}>`);
  const person = { name, address, gnupg, visitor: openVisitor(world.base) };
  const asked = await person.visitor.submit(await person.visitor.get('/sign-in'), 'Send me the link', { address });
  requireText(asked, /a link is on its way/i, 'asking for a sign-in link');
  const { links } = await world.mailbox.take(address, /sign in to/i);
  const door = await person.visitor.get(pathIn(links, '/sign-in/'));
  requireText(
    await person.visitor.submit(door, 'Create the account and sign in', { name }),
    new RegExp(name),
    'signing in',
  );
  return person;
}

/** Downloads what a page asks to be signed, signs it with GnuPG and hands it in; answers the page that came back. */
export async function signOn(person: Person, path: string): Promise<Page> {
  const page = await person.visitor.get(path);
  const bytes = await person.visitor.bytes(linkOf(page, /^Download /));
  return handIn(person, page, await person.gnupg.sign(bytes));
}

/** Hands in an armored signature on a page that has the signing panel. */
export const handIn = (person: Person, page: Page, armored: string): Promise<Page> =>
  person.visitor.submit(page, 'Hand in the signature', {
    signature: { name: 'signature.asc', bytes: new TextEncoder().encode(armored) },
  });

/** Adds the person's certificate and proves it by signing the phrase of its page. */
export async function registerKey(person: Person): Promise<void> {
  const { visitor, gnupg } = person;
  const form = await visitor.get('/account/keys/new');
  const added = await visitor.submit(form, 'Add this key', { pasted: gnupg.certificate });
  const key = `/account/keys/${gnupg.fingerprint}`;
  requireText(added, /not proven yet/i, 'adding the key');
  const page = await visitor.get(key);
  if (/Make the phrase to sign/.test(page.html)) await visitor.submit(page, 'Make the phrase to sign');
  await signOn(person, key);
  requireText(await visitor.get(key), /Proven\./, 'proving the key');
}

/** Founds a project whose releases need `threshold` people, and signs its first policy. */
export async function foundProject(owner: Person, project: string, threshold: number): Promise<void> {
  const form = await owner.visitor.get('/projects/new');
  await owner.visitor.submit(form, 'Create the project', { name: project, threshold: String(threshold) });
  await signOn(owner, `/projects/${project}/policy/1`);
  requireText(await owner.visitor.get(`/projects/${project}/policy/1`), /In force/, 'signing policy 1');
}

/** Invites a person, who accepts through the link in their mail; the owner compares the fingerprint that GnuPG prints for them, and confirms it. */
export async function invite(world: World, owner: Person, guest: Person, project: string): Promise<void> {
  const page = await owner.visitor.get(`/projects/${project}/people`);
  await owner.visitor.submit(page, 'Send the invitation', { address: guest.address, role: 'maintainer' });
  const { links } = await world.mailbox.take(guest.address, /invit/i);
  const invitation = await guest.visitor.get(pathIn(links, '/invitations/'));
  requireText(await guest.visitor.submit(invitation, /^Accept/), /accepted/i, 'accepting the invitation');
  const compare = await owner.visitor.get(`/projects/${project}/people/${guest.gnupg.fingerprint}`);
  const confirmed = await owner.visitor.submit(compare, 'Compare and confirm', { pasted: guest.gnupg.fingerprint });
  requireText(confirmed, /confirmed the key/, 'confirming the key');
}

/** Proposes the policy that adds everybody who accepted; the owner signs it. */
export async function admitAll(owner: Person, project: string, version: number): Promise<void> {
  const page = await owner.visitor.get(`/projects/${project}/people`);
  await owner.visitor.submit(page, `Propose policy ${version}`);
  await signOn(owner, `/projects/${project}/policy/${version}`);
  requireText(
    await owner.visitor.get(`/projects/${project}/policy/${version}`),
    /In force/,
    `signing policy ${version}`,
  );
}

/** Opens a draft with these files; answers the address of its page. */
export async function openDraft(person: Person, project: string, files: Upload[]): Promise<string> {
  const form = await person.visitor.get(`/projects/${project}/drafts/new`);
  const page = await person.visitor.submit(form, 'Open the draft', { files });
  const path = new URL(page.url).pathname;
  if (!path.startsWith('/drafts/')) requireText(page, /^$/, 'opening the draft');
  return path;
}

/** The mail that asks for a signature under a release, not the one under a policy. */
export const draftMail = /\d\.\d\S* needs your signature/;

/** Signs a draft with GnuPG on the page to which the personal link in the mail leads; it needs no session. */
export async function signDraft(world: World, person: Person, draft: string): Promise<Page> {
  const { links } = await world.mailbox.take(person.address, draftMail);
  const { url } = await person.visitor.get(pathIn(links, '/d/'));
  const linked = new URL(url).pathname;
  if (linked !== draft.replace('/drafts/', '/for-you/'))
    throw new Error(`The mail leads to ${linked}, not to ${draft}.`);
  return signOn(person, linked);
}

/** Waits (bounded) until the page of a draft says so. */
export async function waitForDraft(person: Person, draft: string, expected: RegExp): Promise<Page> {
  for (const deadline = Date.now() + 60_000; ;) {
    const page = await person.visitor.get(draft);
    if (expected.test(readableText(page.html))) return page;
    if (Date.now() > deadline) return requireText(page, expected, 'waiting for the draft');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

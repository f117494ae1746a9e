// What happens before most stories begin: a project is founded, guests come in, a draft is opened. Each step through roles and labels, in the
// person's own browser; each waits until the page says that it is done.
import path from 'node:path';
import { confirmKey, registerKey, sign, signIn, type Player, type Stage } from './people.ts';

const vectors = path.resolve('tests/vectors/python');

/** The real distributions of `sunrise-demo` 1.2.0. */
export const sunriseFiles = ['sunrise_demo-1.2.0-py3-none-any.whl', 'sunrise_demo-1.2.0.tar.gz'];

/** Signs each of them in and has their GnuPG key proven. */
export async function enter(stage: Stage, players: readonly Player[]): Promise<void> {
  for (const player of players) {
    await signIn(stage, player);
    await registerKey(player);
  }
}

/** Signs the policy that is on the page, and waits until it is in force; for a change that others must sign too, use `sign`. */
export async function signIntoForce(player: Player): Promise<void> {
  await sign(player, 'upload');
  await player.page.getByText('These are the rules now.').waitFor();
}

/** The founder signs policy 1. */
export async function foundProject(founder: Player, project: string, threshold: number): Promise<void> {
  const { page } = founder;
  await page.goto('/projects/new');
  await page.getByLabel('Name of the project').fill(project);
  await page.getByLabel('Publishing needs').fill(String(threshold));
  await page.getByRole('button', { name: 'Create the project' }).click();
  await page.waitForURL(`**/projects/${project}/policy/1`);
  await signIntoForce(founder);
}

/** Invites the guests, who accept; compares their keys, proposes the policy that names them and signs it as its only owner. */
export async function bringIn(
  stage: Stage,
  { owner, guests, project }: { owner: Player; guests: readonly Player[]; project: string },
): Promise<void> {
  for (const guest of guests) {
    await owner.page.goto(`/projects/${project}/people`);
    await owner.page.getByRole('form', { name: 'Invite somebody' }).getByLabel('Mail address').fill(guest.address);
    await owner.page.getByRole('button', { name: 'Send the invitation' }).click();
    await owner.page.getByText(guest.address).first().waitFor();
    const { links } = await stage.mailbox.take(guest.address, /invit/i);
    await guest.page.goto(links.find((link) => link.includes('/invitations/')) ?? '');
    await guest.page.getByRole('button', { name: `Accept and join ${project}` }).click();
    await guest.page.waitForURL((url) => !url.pathname.startsWith('/invitations/'));
    await confirmKey(owner, { name: guest.name, fingerprint: guest.gnupg.fingerprint }, project);
  }
  await owner.page.goto(`/projects/${project}/people`);
  await owner.page.getByRole('button', { name: /^Propose policy \d+$/ }).click();
  await owner.page.waitForURL(/\/policy\/\d+$/);
  await signIntoForce(owner);
}

/** Opens a draft with these files of tests/vectors/python; answers its address. */
export async function openDraft(player: Player, project: string, files: readonly string[]): Promise<string> {
  const { page } = player;
  await page.goto(`/projects/${project}/drafts/new`);
  await page.locator('input[type=file]').setInputFiles(files.map((name) => path.join(vectors, name)));
  await page.getByRole('list', { name: 'Recognised files' }).waitFor();
  await page.getByRole('button', { name: 'Open the draft' }).click();
  await page.waitForURL(/\/drafts\/[0-9a-f]{12}$/);
  return new URL(page.url()).pathname;
}

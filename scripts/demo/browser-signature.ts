// Signing in the page with Chromium, as a person does: choose the private key file, type the passphrase, press the button. The session
// is the one that the person already has.
import type { Page } from 'playwright-core';
import { openBrowser } from './chromium.ts';
import type { Person } from './story.ts';

/** Fills in "In this browser" on the page that is open and presses its button. */
export async function signInPage(page: Page, person: Person, button: RegExp): Promise<void> {
  const buffer = Buffer.from(await person.gnupg.privateKey());
  await page.getByRole('tab', { name: 'In this browser' }).click();
  await page.getByLabel('Private key file').setInputFiles({ name: 'private-key.asc', mimeType: 'text/plain', buffer });
  await page.getByLabel('Passphrase of the key').fill(person.gnupg.passphrase);
  await page.getByRole('button', { name: button }).click();
}

/** Opens the page in a new Chromium with the person's session and signs there; resolves once the page says so. */
export async function signInChromium(base: string, person: Person, address: string): Promise<void> {
  const browsing = await openBrowser(base);
  try {
    const cookies = [...person.visitor.cookies].map(([name, value]) => ({ name, value, url: base }));
    await browsing.context.addCookies(cookies);
    await browsing.page.goto(address);
    await signInPage(browsing.page, person, /^Sign (?:revision|policy|the)/);
    await browsing.page.getByText(/^You signed this/).waitFor();
  } finally {
    await browsing.close();
  }
}

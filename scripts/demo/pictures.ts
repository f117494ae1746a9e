// `npx tsx scripts/demo/pictures.ts`: the pictures of the README, from a demo instance at one of two signatures, in light and dark.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, startInstance } from '../instance.mjs';
import { openBrowser } from './chromium.ts';
import { closeEverybody } from './gnupg.ts';
import { openMailboxPage } from './mailbox.ts';
import * as story from './story.ts';

const root = path.join(import.meta.dirname, '..', '..');
const files = ['sunrise_demo-1.2.0-py3-none-any.whl', 'sunrise_demo-1.2.0.tar.gz'];
const project = 'sunrise-demo';

async function takePictures(base: string, person: story.Person, places: Record<string, string>): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { context, page, close } = await openBrowser(base, { colorScheme, width: 1120 });
    await context.addCookies([...person.visitor.cookies].map(([name, value]) => ({ name, value, url: base })));
    for (const [name, place] of Object.entries(places)) {
      // A page that is open goes on listening, so the network is never idle.
      await page.goto(place);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: path.join(root, 'docs', 'images', `${name}-${colorScheme}.png`) });
    }
    await close();
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'cs-pictures-'));
// The name of the index stands in what people sign; it should look like one in the picture.
const env = { INDEX_NAME: 'sign.example.org' };
const instance = await startInstance({
  dataFolder: path.join(folder, 'data'),
  port: await freePort(),
  env,
  stdio: 'ignore',
});
try {
  const world = {
    base: instance.publicUrl,
    mailbox: openMailboxPage(instance.publicUrl, instance.mailboxPath ?? ''),
  };
  const people = [];
  for (const name of ['ada', 'bo', 'chi']) people.push(await story.arrive(world, name));
  for (const person of people) await story.registerKey(person);
  const [ada, bo, chi] = people as [story.Person, story.Person, story.Person];
  await story.foundProject(ada, project, 2);
  for (const guest of [bo, chi]) await story.invite(world, ada, guest, project);
  await story.admitAll(ada, project, 2);
  const uploads = files.map((name) => ({
    name,
    bytes: new Uint8Array(readFileSync(path.join(root, 'tests', 'vectors', 'python', name))),
  }));
  const draft = await story.openDraft(bo, project, uploads);
  await story.signDraft(world, ada, draft);
  await takePictures(world.base, chi, { draft, desk: '/', project: `/projects/${project}` });
} finally {
  await closeEverybody();
  await instance.end();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

// What axe finds on a page, as sentences that name rule and place. The goal is none, on every page, in light and dark, wide and narrow.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Each violation as `rule: where`; empty for a good page. After a form has answered, React replaces the page's title a moment after its text:
 * a page that never gets one still fails.
 */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.waitForFunction(() => document.title !== '', undefined, { timeout: 5_000 }).catch(() => null);
  // In the page itself (axe's “legacy mode”) instead of a second page that is opened for the summing up: half the work, and ours have no frames.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .withTags(tags)
    .analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} (${node.failureSummary ?? ''})`),
  );
  return [...found, ...(await idsTwice(page)).map((id) => `two elements have the id ${id}: a label names the first`)];
}

/** axe looks at them only where ARIA uses them; a label uses them too. */
const idsTwice = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });

/** How far the page is wider than its window, in pixels; 0 for a layout that fits. */
export async function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}

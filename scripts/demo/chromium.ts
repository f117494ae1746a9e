// The system's Chromium for the demo and the end-to-end tests: each person has a profile folder of their own, every request and every complaint of a
// page is kept, so that a test can say what left the browser and what stayed on its disk.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const executables = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const noUpdates = ['--disable-component-update', '--disable-sync', '--disable-features=MediaRouter,OptimizationHints'];

export type Browsing = {
  context: BrowserContext;
  page: Page;
  /** Everything that left the browser: addresses, headers and bodies. */
  sent: string[];
  /** Violations of the page's policy, script errors and failed loads. */
  complaints: string[];
  /** Every byte in the profile folder; the browser is closed for it. */
  closeAndReadProfile(): Promise<Buffer>;
  close(): Promise<void>;
};

export type Look = { colorScheme?: 'light' | 'dark'; width?: number; javaScriptEnabled?: boolean };

/** The system's Chromium; null where there is none. */
export const chromiumPath = (): string | null => executables.find((file) => existsSync(file)) ?? null;

/** Opens a browser with an empty profile. */
export async function openBrowser(baseURL: string, look: Look = {}): Promise<Browsing> {
  const profile = mkdtempSync(path.join(tmpdir(), 'cs-profile-'));
  const { colorScheme = 'light', width = 1200, javaScriptEnabled = true } = look;
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('Chromium is not installed: apt-get install chromium');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: ['--no-sandbox', ...quiet, ...noUpdates],
    ...{
      baseURL,
      colorScheme,
      javaScriptEnabled,
      viewport: { width, height: 900 },
      locale: 'en-GB',
      timezoneId: 'UTC',
    },
  });
  context.setDefaultTimeout(20_000);
  const sent: string[] = [];
  const complaints: string[] = [];
  watch(context, sent, complaints);
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    sent,
    complaints,
    close,
    closeAndReadProfile: async () => {
      await context.close();
      const files = readdirSync(profile, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const bytes = Buffer.concat(files.map((entry) => readFileSync(path.join(entry.parentPath, entry.name))));
      rmSync(profile, { recursive: true, force: true });
      return bytes;
    },
  };
}

// Refusals that a person is meant to see are answered with 4xx; the browser reports those as failed loads.
const expected = /the server responded with a status of 4\d\d/;

function watch(context: BrowserContext, sent: string[], complaints: string[]): void {
  context.on('request', (request) => {
    sent.push(request.url(), JSON.stringify(request.headers()), request.postDataBuffer()?.toString('latin1') ?? '');
  });
  context.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
}

// Does the public address lead here, and do the clocks agree? Asked over the network as a visitor would. What answers is hostile: a few kilobytes of it are read.
import { ask } from '#lib/server/outgoing/ask.ts';
import type { Config } from '#lib/server/config.ts';
import { broken, good, warning, type DoctorFinding } from './finding.ts';

// The operator named the address: it may lead into a network of their own.
const bounds = { bytesMax: 4096, ms: 10_000, longer: 'refused', trusted: true } as const;
const skewMs = { warning: 5_000, broken: 120_000 };

/** Refuses nothing and never throws: what went wrong outside is a finding. */
export async function checkAddress({ publicUrl, indexName }: Config): Promise<DoctorFinding[]> {
  const headers = { Accept: 'application/json' };
  const answered = await ask({ url: new URL('/version', publicUrl), method: 'GET', headers, ...bounds });
  if (answered.status !== 200) {
    const why = answered.status === null ? answered.why : `status ${answered.status}`;
    return [
      warning(
        'public address',
        `Nothing of ours answers at ${publicUrl}: ${why}.`,
        'Start the programs; then look at DNS, the proxy and its certificate.',
      ),
    ];
  }
  const said = read(answered.bytes);
  if (said?.index !== indexName)
    return [
      broken(
        'public address',
        `${publicUrl} leads to another index (${said?.index ?? 'none that says its name'}).`,
        'Look at PUBLIC_URL, INDEX_NAME, and where the proxy sends requests.',
      ),
    ];
  return [good('public address', `${publicUrl} leads to ${said.index}, version ${said.version}.`)];
}

function read(body: Uint8Array): { index: string; version: string } | null {
  try {
    const { index, version } = JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>;
    return typeof index === 'string' && typeof version === 'string'
      ? { index: index.slice(0, 200), version: version.slice(0, 50) }
      : null;
  } catch {
    return null;
  }
}

/** The clock of this machine beside another one: signatures are judged by the time of the server. */
export function compareClocks(name: string, here: number, there: number): DoctorFinding {
  const skew = Math.abs(here - there);
  const says = `This machine and ${name} differ by ${(skew / 1000).toFixed(1)} s.`;
  const remedy = 'Set the clocks by NTP: times decide which signatures count, and until when the index is fresh.';
  if (skew > skewMs.broken) return broken('clock', says, remedy);
  return skew > skewMs.warning ? warning('clock', says, remedy) : good('clock', says);
}

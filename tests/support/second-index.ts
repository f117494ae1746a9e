// A second instance of ourselves, in a process of its own: an index with a project of that name, and its upload door. Says where it listens and with which
// token; answers what it has of a version.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { legacyRoute } from '#web/legacy.ts';
import { makeWorld } from './story.ts';

export type ToSecond = { kind: 'look'; version: string } | { kind: 'close' };
export type FromSecond =
  | { kind: 'opened'; host: string; token: string; project: string }
  | { kind: 'seen'; state: string; files: { name: string; sha256: string }[] };

const tell = (message: FromSecond): void => void process.send?.(message);

const runtime = await openRuntime(
  readConfig({ DATA_DIR: process.argv[2] ?? '', PUBLIC_URL: 'https://second.example.org' }),
);
const { bo, project } = await makeWorld();
const { token } = await makeProjectToken(bo.actor, { project, name: 'from the first', kind: 'upload' });
const server = createServer((req, res) => void Promise.resolve(legacyRoute(req, res)));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

process.on('message', (message: ToSecond) => void (message.kind === 'look' ? look(message.version) : close()));
tell({ kind: 'opened', host: `localhost:${(server.address() as AddressInfo).port}`, token, project });

async function look(version: string): Promise<void> {
  const include = { files: { where: { until: null }, orderBy: { name: 'asc' as const } } };
  const draft = await runtime.db.draft.findFirst({ where: { version }, include });
  const files = (draft?.files ?? []).map(({ name, sha256 }) => ({ name, sha256 }));
  tell({ kind: 'seen', state: draft?.state ?? 'none', files });
}

async function close(): Promise<void> {
  server.closeAllConnections();
  server.close();
  await runtime.close();
  process.disconnect();
}

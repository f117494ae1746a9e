// The doors for files as a process of its own, on the embedded database in a folder, to be killed and started again by a test. Makes a project and a token
// at its first start. With HOLD it kills itself where an upload reaches that point.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { apiRoute } from '#web/api.ts';
import { resumableRoute } from '#web/resumable.ts';
import { makeWorld } from './story.ts';

const opened = await openRuntime(readConfig(process.env));
opened.hold = async (point) => {
  if (point === process.env['HOLD']) process.kill(process.pid, 'SIGKILL');
};
const kept = path.join(opened.config.dataFolder, 'made.json');
if (!existsSync(kept)) {
  const { ada, project } = await makeWorld();
  const actor = { ...ada.actor, freshUntil: Date.now() + 60_000 };
  const { token } = await makePersonToken(actor, { name: 'laptop', scopes: ['upload'], project: '', days: '30' });
  writeFileSync(kept, JSON.stringify({ project, token }));
}
const server = createServer((req, res) => {
  void Promise.resolve(resumableRoute(req, res)).then((taken) => taken || apiRoute(req, res));
});
server.listen(opened.config.port, '127.0.0.1', () => process.send?.(JSON.parse(readFileSync(kept, 'utf8'))));

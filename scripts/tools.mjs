// Which of the tools in tests/tools.json this machine has, and which suites can run with them. Downloads and installs nothing:
// it names the one command that would.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { outputOf, root } from './processes.mjs';

const folders = (process.env['PATH'] ?? '').split(path.delimiter);
const isCommand = (name) =>
  path.isAbsolute(name) ? existsSync(name) : folders.some((folder) => existsSync(path.join(folder, name)));

// Debian's own Python: a version manager's shim may answer first in PATH and know other modules.
export const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

async function isPresent(tool) {
  if (tool.module !== undefined) return (await outputOf([python, '-c', `import ${tool.module}`])) !== null;
  return tool.anyOf.some(isCommand);
}

/** The tools that are missing here: name, Debian package, suites that need it. */
export async function missingTools() {
  const { tools } = JSON.parse(readFileSync(path.join(root, 'tests', 'tools.json'), 'utf8'));
  const present = await Promise.all(tools.map(isPresent));
  return tools.filter((_, i) => !present[i]);
}

/** The one command that installs these. */
export const installCommand = (tools) =>
  `apt-get update && apt-get install -y --no-install-recommends ${[...new Set(tools.map((tool) => tool.package))].join(' ')}`;

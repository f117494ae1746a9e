// Which version this program is: what package.json beside it says. Asked at call time, also by bundles in `.build`.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** `0.1.0`. */
export function programVersion(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    if (folder === path.dirname(folder)) throw new Error('The file package.json is missing beside this program.');
  }
}

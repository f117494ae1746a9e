// Where the index tree lies that the web program serves and jobs writes.
import path from 'node:path';
import { runtime } from '#lib/server/runtime.ts';

export const indexFolder = (): string => path.join(runtime().config.dataFolder, 'index');

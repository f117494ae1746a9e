// `npm run setup`: packages, database client, build. What `npm start` does before it starts anything.
import { install } from './install.mjs';

try {
  await install();
  const { build } = await import('./build.mjs');
  await build();
  console.log('Ready. `npm start` starts an instance, `npm run demo` shows a whole release.');
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
}

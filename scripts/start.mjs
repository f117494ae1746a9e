// `npm start`: everything that a fresh clone needs, in one command: packages, database client, build, index key, then the web program
// and the countersigner. Prints where people go. `--dev` serves the pages from their sources. Ctrl-C ends both programs in order;
// if one of them ends by itself, the other is ended and the exit code says so.
import path from 'node:path';
import { install } from './install.mjs';
import { root, whenNpmEnds } from './processes.mjs';

const dev = process.argv.includes('--dev');

function tell(instance, seconds) {
  const rows = [
    ['Address', instance.publicUrl],
    ['Index', `${instance.publicUrl}/simple/`],
    ...(process.env.SMTP_URL || instance.mailboxPath === null
      ? []
      : [['Mailbox', `${instance.publicUrl}${instance.mailboxPath}  (secret: whoever has it can sign in as anybody)`]]),
    ...(process.env.SMTP_URL && instance.operatorPath !== null
      ? [['Operator', `${instance.publicUrl}${instance.operatorPath}  (secret: whoever has it sees to whom mail goes)`]]
      : []),
    ['Index key', instance.fingerprint.replace(/(.{4})(?=.)/g, '$1 ')],
  ];
  console.log(`\nCountersign is running (ready after ${seconds} s). Ctrl-C stops it.\n`);
  for (const [label, value] of rows) console.log(`  ${label.padEnd(10)} ${value}`);
  console.log('');
}

async function main() {
  const started = Date.now();
  await install();
  const { build, buildPrograms } = await import('./build.mjs');
  await (dev ? buildPrograms() : build());
  const { startInstance } = await import('./instance.mjs');
  const instance = await startInstance({
    dataFolder: path.resolve(root, process.env.DATA_DIR ?? 'data'),
    port: Number(process.env.PORT ?? 3000),
    dev,
  });
  let asked = false;
  const end = () => {
    if (asked) return;
    asked = true;
    void instance.end();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);
  whenNpmEnds(end);
  tell(instance, ((Date.now() - started) / 1000).toFixed(1));
  const first = await Promise.race([
    instance.web.ended.then((code) => ({ name: 'The web program', code })),
    instance.countersigner.ended.then((code) => ({ name: 'The countersigner', code })),
    ...(instance.jobs === null ? [] : [instance.jobs.ended.then((code) => ({ name: 'The jobs program', code }))]),
  ]);
  if (!asked) console.error(`${first.name} ended (exit code ${first.code}); stopping the rest too.`);
  await instance.end();
  process.exitCode = asked ? 0 : first.code || 1;
}

main().catch((fault) => {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
});

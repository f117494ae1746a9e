// The commands that people copy to check a release: real names, the signature file that exists, and as many signatures as its rules demand.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { CheckCommands } from '#components/project/check-commands.tsx';

const release = {
  ...{ origin: 'https://sign.example.org', project: 'sunrise', version: '1.2.0', threshold: 2 },
  file: { name: 'sunrise-1.2.0.tar.gz', path: '/files/ab/cd/abcd/sunrise-1.2.0.tar.gz' },
};

const commandsOf = (hasSignedStatement: boolean): string[] => {
  const html = renderToStaticMarkup(createElement(CheckCommands, { ...release, hasSignedStatement }));
  return [...html.matchAll(/<code data-prompt="[^"]*">(.*?)<\/code>/g)].map(([, inside = '']) =>
    inside.replaceAll(/<[^>]+>/g, '').replaceAll('&#x27;', "'"),
  );
};

it('check the statement, then the files by it', () => {
  const evidence = 'https://sign.example.org/evidence/sunrise/releases/1.2.0';
  expect(commandsOf(true)).toEqual([
    `curl -fsS --remote-name-all ${evidence}/SHA256SUMS ${evidence}/SHA256SUMS.asc`,
    'curl -fsS -o sunrise-keys.asc https://sign.example.org/projects/sunrise/keyring.asc',
    'gpg --show-keys --fingerprint sunrise-keys.asc',
    'gpg --dearmor --yes -o sunrise-keys.gpg sunrise-keys.asc',
    'gpgv --keyring ./sunrise-keys.gpg SHA256SUMS.asc SHA256SUMS',
    'sqv --keyring sunrise-keys.asc --signatures 2 SHA256SUMS.asc SHA256SUMS',
    'curl -fsS -O https://sign.example.org/files/ab/cd/abcd/sunrise-1.2.0.tar.gz',
    'sha256sum --check --strict --ignore-missing SHA256SUMS',
    "countersign verify 'sunrise==1.2.0' --index https://sign.example.org",
  ]);
});

it('check a file by its own signatures where nobody signed the statement', () => {
  const file = `https://sign.example.org${release.file.path}`;
  const commands = commandsOf(false);
  expect(commands[0]).toBe(`curl -fsS --remote-name-all ${file} ${file}.asc`);
  expect(commands).toContain(
    'sqv --keyring sunrise-keys.asc --signatures 2 sunrise-1.2.0.tar.gz.asc sunrise-1.2.0.tar.gz',
  );
  expect(commands.join(' ')).not.toContain('SHA256SUMS');
});

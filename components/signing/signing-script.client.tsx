'use client';
// The script that gets the key, named by its SHA-256: what this site says it serves, and the command that computes it elsewhere. The page
// cannot prove its own honesty; the guide says how to build the script and compare.

import { useState, type SyntheticEvent } from 'react';
import { Command } from '#components/ui/command.tsx';
import { Digest } from '#components/ui/hex.tsx';

const scriptName = 'sign-worker.js';

export function SigningScript() {
  const [sha256, setSha256] = useState<string | null>(null);
  async function look({ currentTarget }: SyntheticEvent<HTMLDetailsElement>) {
    if (currentTarget.open && sha256 === null) setSha256(await publishedDigest());
  }
  return (
    <details className="reveal" onToggle={(event) => void look(event)}>
      <summary>The script that signs</summary>
      <p>
        Your key goes into one small script, <a href={`/assets/${scriptName}`}>{scriptName}</a>, which this site serves
        without any way to the network. Its SHA-256 stands in <a href="/assets/SHA256SUMS">the list of scripts</a>; the
        same sources give the same script, so you can build it and compare.
      </p>
      {sha256 === null || sha256 === '' ? null : (
        <>
          <p>
            <Digest value={sha256} copy />
          </p>
          <Command
            label="Compute it without this page"
            command={`curl -s ${location.origin}/assets/${scriptName} | sha256sum`}
          />
        </>
      )}
    </details>
  );
}

/** The digest of the script as the site publishes it; empty where it says nothing. */
async function publishedDigest(): Promise<string> {
  const answer = await fetch('/assets/SHA256SUMS', { cache: 'no-store', redirect: 'error' }).catch(() => null);
  const lines = answer?.ok ? (await answer.text()).split('\n') : [];
  const line = lines.find((candidate) => candidate.endsWith(`  ${scriptName}`)) ?? '';
  return /^[0-9a-f]{64}/.exec(line)?.[0] ?? '';
}

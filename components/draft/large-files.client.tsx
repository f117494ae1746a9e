'use client';
// Large files on their way, a row each: what is being done with it, how far, how fast, and the way to pause, go on, try again or leave it out.

import { sayRemaining } from '#lib/browser/speed.ts';
import type { LargeState } from '#lib/browser/large-file.ts';
import { sizeText } from '#lib/core/size.ts';
import { Actions, Button } from '#components/ui/button.tsx';
import { Digest } from '#components/ui/hex.tsx';

export type LargeRow = { state: LargeState; pause: () => void; goOn: () => void; remove: () => void };

export function LargeFiles({ rows }: { rows: LargeRow[] }) {
  if (rows.length === 0) return null;
  return (
    <div className="sending">
      <Overall rows={rows} />
      <ul className="entries" aria-label="Files on their way">
        {rows.map((row) => (
          <li key={row.state.name}>
            <p className="file-name">{row.state.name}</p>
            <Progress state={row.state} />
            <Steps {...row} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const sentOf = ({ phase, bytes, of }: LargeState): number => (phase === 'done' ? of : phase === 'hashing' ? 0 : bytes);

function Overall({ rows }: { rows: LargeRow[] }) {
  const [sent, all] = [sentOf, ({ of }: LargeState) => of].map((amount) =>
    rows.reduce((sum, { state }) => sum + amount(state), 0),
  );
  const done = rows.filter(({ state }) => state.phase === 'done').length;
  return (
    <p>
      {done} of {rows.length} large {rows.length === 1 ? 'file' : 'files'} sent: {sizeText(sent ?? 0)} of{' '}
      {sizeText(all ?? 0)}. If you leave, choose the same files again to go on.
    </p>
  );
}

const percentOf = ({ bytes, of }: LargeState): number => Math.floor((bytes / of) * 100);

function Progress({ state }: { state: LargeState }) {
  const { phase, bytes, of, perSecond, sha256, why, name } = state;
  if (phase === 'waiting') return <p className="entry-facts">{sizeText(of)}, waits for its turn</p>;
  if (phase === 'done')
    return (
      <p className="entry-facts">
        Sent. Here and on the server: {of} bytes, SHA-256 <Digest value={sha256 ?? ''} />
      </p>
    );
  const doing = { hashing: 'Reading', sending: 'Sending', paused: 'Paused', failed: 'Stopped' }[phase];
  const remaining = sayRemaining(of - bytes, perSecond);
  return (
    <>
      <p className="entry-facts">
        <progress value={percentOf(state)} max={100} aria-label={`${doing} ${name}`} />
        {doing}: {percentOf(state)} %, {sizeText(bytes)} of {sizeText(of)}
        {perSecond === null ? '' : `, ${sizeText(perSecond)}/s`}
        {remaining === '' ? '' : `, ${remaining}`}
      </p>
      {why === null ? null : <p className="entry-facts text-danger">{why}</p>}
    </>
  );
}

function Steps({ state: { phase, name }, pause, goOn, remove }: LargeRow) {
  const about = <span className="sr-only"> {name}</span>;
  return (
    <Actions>
      {phase === 'sending' ? <Button onClick={pause}>Pause{about}</Button> : null}
      {phase === 'paused' ? <Button onClick={goOn}>Go on{about}</Button> : null}
      {phase === 'failed' ? <Button onClick={goOn}>Try again{about}</Button> : null}
      <Button onClick={remove}>Remove{about}</Button>
    </Actions>
  );
}

'use client';
// The state of a form with files: what was recognised, what is on its way, what was refused. Large files go first, each by itself and as often as it takes;
// then the form goes, with the small ones in it and the names under which the server has the large ones.

import { useEffect, useRef, useState, type FormEvent } from 'react';
import { openLargeFile, waitingFile, type LargeState } from '#lib/browser/large-file.ts';
import { recogniseFiles, type RecognisedFile } from '#lib/browser/recognise-files.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { announce } from '#components/ui/announce.client.ts';
import type { LargeRow } from './large-files.client.tsx';
import { postFiles, type Refused } from './post-files.client.ts';

/** From here on a file goes by itself: it can be paused, and goes on after whatever happens. */
const largeBytes = 16 * 1024 * 1024;

/** `sent` is null while nothing is under way, then the sent part of the form from 0 to 1. */
export function useUpload(action: string, place: string) {
  const [recognised, setRecognised] = useState<RecognisedFile[]>([]);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const { rows, sendLarge } = useLargeFiles(place);

  async function inspect(files: File[]): Promise<boolean> {
    try {
      setRecognised(await recogniseFiles(files));
      setRefusal(null);
      return true;
    } catch (fault) {
      if (!isRefusal(fault)) throw fault;
      setRecognised([]);
      setRefusal({ code: fault.code, message: fault.message });
      return false;
    }
  }
  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const files = form.getAll('files').filter((file): file is File => file instanceof File && file.size > 0);
    if (sent !== null || !(await inspect(files))) return;
    setSent(0);
    form.delete('files');
    for (const file of files.filter(({ size }) => size < largeBytes)) form.append('files', file);
    for (const id of await sendLarge(files.filter(({ size }) => size >= largeBytes))) form.append('upload', id);
    const answer = await postFiles(action, form, setSent);
    if (answer.location !== undefined) return location.assign(answer.location);
    announce('The files were not accepted.');
    setSent(null);
    setRefusal(answer.refusal);
  }
  return { recognised, refusal, sent, rows, inspect, send };
}

/** One after the other; those that were removed are left out. */
function useLargeFiles(place: string) {
  const [rows, setRows] = useState<LargeRow[]>([]);
  const running = useRef(false);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => running.current && event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);

  async function sendLarge(files: File[]): Promise<string[]> {
    const opened = files.map((file) => {
      const tell = (state: LargeState) => {
        say(state);
        setRows((all) => all.map((row) => (row.state.name === state.name ? { ...row, state } : row)));
      };
      return { name: file.name, size: file.size, sending: openLargeFile(file, place, tell) };
    });
    setRows(opened.map(({ name, size, sending }) => ({ state: waitingFile({ name, size }), ...sending })));
    running.current = opened.length > 0;
    const ids: string[] = [];
    for (const { name, sending } of opened) {
      const id = await sending.send();
      if (id === null) setRows((all) => all.filter((row) => row.state.name !== name));
      else ids.push(id);
    }
    running.current = false;
    return ids;
  }
  return { rows, sendLarge };
}

let said = '';
/** In steps of a tenth, so that whoever listens is not flooded. */
function say({ name, phase, bytes, of, why }: LargeState): void {
  const tenth = Math.floor((bytes / of) * 10) * 10;
  const words =
    phase === 'sending'
      ? `${name}: ${tenth} % sent`
      : phase === 'failed'
        ? (why ?? '')
        : phase === 'done'
          ? `${name} is sent`
          : '';
  if (words !== '' && words !== said) announce(words);
  said = words === '' ? said : words;
}

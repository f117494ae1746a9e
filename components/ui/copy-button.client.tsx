'use client';
// Copies a text. Browsers give `navigator.clipboard` to secure pages only, so on plain http a selection is copied instead.
// Without script the button is not there (data-needs-script); the text beside it can be selected.

import { useEffect, useState } from 'react';
import { announce } from './announce.client.ts';
import { Button } from './button.tsx';

type CopyButtonProps = {
  text: string;
  /** What is copied, for people who hear the page: "the command", "the fingerprint". */
  what: string;
  label?: string;
};

export function CopyButton({ text, what, label = 'Copy' }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2500);
    return () => clearTimeout(timer);
  }, [copied]);
  async function copy() {
    const done = await copyText(text);
    setCopied(done);
    announce(done ? `Copied ${what}.` : `Your browser did not allow copying ${what}. Select the text instead.`);
  }
  return (
    <Button look="quiet" data-needs-script aria-label={`${label} ${what}`} onClick={() => void copy()}>
      {copied ? 'Copied' : label}
    </Button>
  );
}

async function copyText(text: string): Promise<boolean> {
  if (window.isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copySelection(text); // permission withheld: the older way needs none
    }
  }
  return copySelection(text);
}

function copySelection(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.className = 'sr-only';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}

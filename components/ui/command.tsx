// A command to run elsewhere: complete, with real names, copyable unchanged. It wraps; nothing hides behind a scroll bar.

import { CopyButton } from './copy-button.client.tsx';

type CommandProps = {
  command: string;
  /** What it does, above it. */
  label?: string;
  prompt?: string;
};

/** A command line; the prompt is drawn, so it is neither copied nor read out. */
export function Command({ command, label, prompt = '$ ' }: CommandProps) {
  return (
    <div className="command-block">
      {label === undefined ? null : <p className="command-label">{label}</p>}
      <div className="command">
        <pre>
          <code data-prompt={prompt}>{command}</code>
        </pre>
        <CopyButton text={command} what="the command" />
      </div>
    </div>
  );
}

/** Text to look at and copy: a phrase to sign, a statement, what a program prints. */
export function Code({ text, label, what = 'the text' }: { text: string; label?: string; what?: string }) {
  return (
    <div className="command-block">
      {label === undefined ? null : <p className="command-label">{label}</p>}
      <div className="command">
        <pre>
          <code>{text}</code>
        </pre>
        <CopyButton text={text} what={what} />
      </div>
    </div>
  );
}

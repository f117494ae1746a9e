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
          <code data-prompt={prompt}>
            <Words command={command} />
          </code>
        </pre>
        <CopyButton text={command} what="the command" />
      </div>
    </div>
  );
}

/** Its words as they stand, so that a line breaks between them; selecting gives the same text. */
function Words({ command }: { command: string }) {
  return command.split(/(\s+)/).map((part, at) =>
    at % 2 === 1 ? (
      part
    ) : (
      <span key={at} className="command-word">
        {part}
      </span>
    ),
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

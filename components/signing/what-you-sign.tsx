// What is about to be signed: its digest in full, its text, the file to download, and the command that computes the digest elsewhere.
// Shows; decides nothing.
import { Code, Command } from '#components/ui/command.tsx';
import { Digest } from '#components/ui/hex.tsx';
import { sizeText } from '#lib/core/size.ts';
import type { DocumentToSign } from './document.client.ts';

type WhatYouSignProps = {
  document: DocumentToSign;
  /** "the statement", "policy 2", "the phrase" */
  what: string;
  /** Before a signature the text stands open; afterwards it is there to be looked up. */
  isOpen?: boolean;
};

export function WhatYouSign({ document, what, isOpen = true }: WhatYouSignProps) {
  const { shown, text, size, fileName, downloadPath } = document;
  return (
    <>
      <p className="digest-label">
        SHA-256 of {what}, {sizeText(size)}
      </p>
      <p className="digest-large">
        <Digest value={shown.sha256} copy />
      </p>
      <details className="reveal" open={isOpen}>
        <summary>Read {what}</summary>
        <Code text={text} what={what} />
      </details>
      <details className="reveal">
        <summary>Compare the digest yourself</summary>
        <p>
          <a href={downloadPath} download={fileName}>
            Download {fileName}
          </a>{' '}
          and let a tool of your own compute its digest. It must be the one above.
        </p>
        <Command command={`sha256sum '${fileName}'`} />
      </details>
    </>
  );
}

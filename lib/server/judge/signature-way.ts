// How a signature came, as its row keeps it and pages say it. It decides nothing: a signature carries its own proof.

export type SignatureWay = 'browser' | 'upload' | 'paste' | 'with-files' | 'link' | 'api' | 'index';

const ways: Record<SignatureWay, string> = {
  browser: 'signed in the browser',
  upload: 'uploaded as a detached signature',
  paste: 'pasted as a detached signature',
  'with-files': 'uploaded with the files',
  link: 'handed in by the link of a mail',
  index: 'read from what the index has published',
  api: 'sent by the command line or another program',
};

/** The words for a way; a row of a later version says its own word. */
export const sayWay = (way: string): string => (ways as Record<string, string | undefined>)[way] ?? way;

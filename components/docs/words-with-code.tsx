// A sentence of the table of addresses, which OpenAPI shows as Markdown: what stands between backticks is code.

import { Fragment } from 'react';

export function WordsWithCode({ text }: { text: string }) {
  return text
    .split('`')
    .map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : <Fragment key={at}>{part}</Fragment>));
}

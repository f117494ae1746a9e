// A number of bytes as people read it, never broken over two lines.

import { sizeText } from '#lib/core/size.ts';

export function Size({ bytes }: { bytes: number }) {
  return <span className="whitespace-nowrap">{sizeText(bytes)}</span>;
}

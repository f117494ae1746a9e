// A number of bytes as people read it: decimal units, as download tools print them. One wording for pages, mails and tools.

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** "412 bytes", "64 kB", "1.3 MB" */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const step = Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const amount = bytes / 1000 ** step;
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[step] ?? ''}`;
}

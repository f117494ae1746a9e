// Puts a text into a file of the reader's machine, without the server. The address that the browser needs for it is a random one of this
// page and is given back at once; the text is in no address.

/** Starts the download of `text` as `name`. Whether the file was kept is known to the reader alone. */
export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Browsers begin reading after this turn; a minute is plenty for a few kilobytes.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

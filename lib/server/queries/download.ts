// Bytes of ours that a person downloads, with the name under which to save them.

export type Download = { fileName: string; contentType: string; bytes: Uint8Array };

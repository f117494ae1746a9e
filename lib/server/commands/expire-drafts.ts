// For jobs: drafts past their deadline expire, and their versions are free again.

/** How many expired. */
export async function expireDrafts(): Promise<{ expired: number }> {
  throw new Error('being written');
}

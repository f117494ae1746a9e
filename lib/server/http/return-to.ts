// Where somebody goes after signing in: a path of this site. Anything that a browser could read as another site
// (`//host`, `/\host`, a scheme, a line break) becomes the front page; it is a convenience and no reason to refuse.

/** The path itself where it stays on this site, else `/`. Hostile input. */
export function readReturnTo(claimed: unknown): string {
  if (typeof claimed !== 'string' || claimed.length > 500) return '/';
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(claimed) ? claimed : '/';
}

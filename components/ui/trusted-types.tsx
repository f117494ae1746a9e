// The first script of every page: the Trusted Types policy `default`. Next's loader sets script addresses as plain strings; this lets
// through those that are our own built scripts and refuses everything else, and there is no way to make HTML or script from a string.
// Decided in docs/decisions/011-trusted-types.md.

const policy = `window.trustedTypes&&trustedTypes.createPolicy('default',{createScriptURL:function(a){var u=new URL(a,location.origin);return u.origin===location.origin&&(u.pathname.indexOf('/_next/static/')===0||u.pathname.indexOf('/assets/')===0)?u.href:null}})`;

/** Stands first in <head>; `nonce` is the one of this answer. */
export function TrustedTypes({ nonce }: { nonce: string | undefined }) {
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: policy }} />;
}

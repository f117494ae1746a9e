// The first script of every page: the Trusted Types policy `default`. Next's loader sets script addresses as plain strings; this lets
// through those that are our own built scripts and refuses everything else, and there is no way to make HTML or script from a string.
// The address is given back as it came: Turbopack finds its chunks again by the very string, and waits for ever for another one.
// Decided in docs/decisions/011-trusted-types.md.

const policy = `window.trustedTypes&&trustedTypes.createPolicy('default',{createScriptURL:function(a){var u=new URL(a,document.baseURI);return u.origin===location.origin&&(u.pathname.indexOf('/_next/static/')===0||u.pathname.indexOf('/assets/')===0)?a:null}})`;

/** Stands first in <head>; `nonce` is the one of this answer. */
export function TrustedTypes({ nonce }: { nonce: string | undefined }) {
  return (
    <script nonce={nonce} suppressHydrationWarning>
      {policy}
    </script>
  );
}

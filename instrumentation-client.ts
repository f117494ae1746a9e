// Runs first in the browser, before React. Pages whose rendering ended early (nothing here, a fault) come without the first script of
// the layout, so the Trusted Types policy is made here where it is missing: the same rule as components/ui/trusted-types.tsx.
// Lets through addresses of our own built scripts, refuses everything else.

type Policies = {
  defaultPolicy: unknown;
  createPolicy(name: string, rules: { createScriptURL(address: string): string | null }): unknown;
};

const { trustedTypes } = globalThis as { trustedTypes?: Policies };

function createScriptURL(address: string): string | null {
  const { origin, pathname } = new URL(address, location.origin);
  const isOurs = origin === location.origin && /^\/(?:_next\/static|assets)\//.test(pathname);
  return isOurs ? address : null;
}

if (trustedTypes && !trustedTypes.defaultPolicy) trustedTypes.createPolicy('default', { createScriptURL });

// The security headers of every page that Next renders, and the nonce that its scripts carry.
// Trusts the configured public address only; what the request says about host, protocol or policy is overwritten.
// Refuses (by the browser's hand): scripts without our nonce, script from strings, other hosts, frames, plug-ins, foreign forms.

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export type PageSettings = {
  publicUrl: URL;
  /** Next's development server needs `eval` and inline styles; never true in production. */
  dev: boolean;
};

/** A new nonce: 128 random bits, for one answer. */
export function makeNonce(): string {
  return randomBytes(16).toString('base64');
}

/** The content security policy of one page (CSP 3; Trusted Types). */
export function pagePolicy(nonce: string, settings: PageSettings): string {
  const directives = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${settings.dev ? " 'unsafe-eval'" : ''}`,
    `style-src 'self'${settings.dev ? " 'unsafe-inline'" : ''}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ];
  // docs/decisions/011-trusted-types.md: the only policy is `default`, made by the first script of the page: it lets script addresses of our own through.
  if (!settings.dev) directives.push("require-trusted-types-for 'script'", 'trusted-types default');
  if (isHttps(settings)) directives.push('upgrade-insecure-requests');
  return directives.join('; ');
}

/** Headers that belong on every answer of this program, whatever it is. */
export function transportHeaders(https: boolean): Record<string, string> {
  return {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    ...(https ? { 'Strict-Transport-Security': 'max-age=63072000; includeSubDomains' } : {}),
  };
}

/**
 * Prepares a request for Next: sets the security headers of the answer, and hands Next the nonce the way it looks for it, in the
 * request's own `content-security-policy` header. Whatever the client sent under the names that Next believes is overwritten or removed.
 */
export function preparePage(req: IncomingMessage, res: ServerResponse, settings: PageSettings): void {
  const nonce = makeNonce();
  const policy = pagePolicy(nonce, settings);
  req.headers['content-security-policy'] = policy;
  delete req.headers['content-security-policy-report-only'];
  req.headers['x-nonce'] = nonce;
  req.headers.host = settings.publicUrl.host;
  req.headers['x-forwarded-host'] = settings.publicUrl.host;
  req.headers['x-forwarded-proto'] = settings.publicUrl.protocol.slice(0, -1);
  req.headers['x-forwarded-for'] = req.socket.remoteAddress ?? 'unknown';
  delete req.headers['x-forwarded-port'];
  for (const [name, value] of Object.entries(pageHeaders(policy, isHttps(settings)))) res.setHeader(name, value);
}

function pageHeaders(policy: string, https: boolean): Record<string, string> {
  return {
    ...transportHeaders(https),
    'Content-Security-Policy': policy,
    // docs/decisions/012-forms-and-origin.md: not `no-referrer`, with which a browser sends `Origin: null` with our own forms.
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()',
    'X-Frame-Options': 'DENY',
  };
}

function isHttps(settings: PageSettings): boolean {
  return settings.publicUrl.protocol === 'https:';
}

/**
 * True if a request that may change something comes from one of our own pages (threat 59). Reading methods always may. A browser
 * states the origin with every form and fetch that posts; one that does not, or states another, is refused.
 */
export function mayChange(req: IncomingMessage, publicUrl: URL): boolean {
  if (req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS') return true;
  return req.headers.origin === publicUrl.origin;
}

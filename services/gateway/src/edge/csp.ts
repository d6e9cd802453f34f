import type { StaticFile } from './static.js';

/** Headers of every answer. */
export const ALWAYS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

/**
 * The content security policy of a page: scripts and styles of our own only (inline ones by their hash), and in frames
 * of the given origins only.
 */
export const pagePolicy = ({ inline }: StaticFile, frameAncestors: readonly string[]): string =>
  [
    "default-src 'none'",
    ['script-src', "'self'", ...inline.scripts].join(' '),
    ['style-src', "'self'", ...inline.styles].join(' '),
    "img-src 'self' data: blob: https:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "connect-src 'self' ws: wss:",
    "frame-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    ['frame-ancestors', ...frameAncestors].join(' '),
  ].join('; ');

/** Where the widget's frame may stand: our own pages and the tenant's origins. */
export const widgetAncestors = (allowedOrigins: readonly string[]): readonly string[] =>
  allowedOrigins.includes('*') ? ['*'] : ["'self'", ...allowedOrigins];

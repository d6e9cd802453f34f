import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

export interface StaticFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag: string;
  /** Its name carries a hash of its content. */
  readonly hashed: boolean;
  /** CSP sources of the inline scripts and styles of a page. */
  readonly inline: { readonly scripts: readonly string[]; readonly styles: readonly string[] };
}

/** Folders of PARLEY_WEB_ROOT whose dist/ is served below /<name>/. */
const APPS = ['widget', 'desk', 'demo', 'mailbox'] as const;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The files of the web apps by their URL path, read once: what is not in this table does not exist, so no request can
 * reach another file. Apps that are not built are left out.
 */
export const loadStaticFiles = async (webRoot: string): Promise<ReadonlyMap<string, StaticFile>> => {
  const files = new Map<string, StaticFile>();
  for (const app of APPS) {
    const folder = join(webRoot, app, 'dist');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const type = TYPES[extname(entry.name)];
      if (!entry.isFile() || !type) continue;
      const path = join(entry.parentPath, entry.name);
      const name = relative(folder, path).split(sep).join('/');
      files.set(`/${app}/${name}`, fileOf(await readFile(path), type, name));
    }
  }
  const loader = files.get('/widget/widget.js');
  if (loader) files.set('/widget.js', { ...loader, hashed: false });
  return files;
};

const fileOf = (body: Buffer, contentType: string, name: string): StaticFile => ({
  body,
  contentType,
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  hashed: /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(name) && name.startsWith('assets/'),
  inline: name.endsWith('.html') ? inlineOf(body.toString('utf8')) : { scripts: [], styles: [] },
});

const inlineOf = (html: string): StaticFile['inline'] => ({
  scripts: hashesOf(html, /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi),
  styles: hashesOf(html, /<style[^>]*>([\s\S]*?)<\/style>/gi),
});

const hashesOf = (html: string, pattern: RegExp): string[] =>
  [...html.matchAll(pattern)].map(
    ([, content = '']) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`,
  );

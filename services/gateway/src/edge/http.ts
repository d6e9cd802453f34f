import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiError, ErrorCode, isId, notFound } from '@parley/kernel';
import type { TenantDirectory } from '../tenants/directory.js';
import { ALWAYS, pagePolicy, widgetAncestors } from './csp.js';
import { HttpError, sendJson, sendProblem } from './respond.js';
import { answerRpc, type RpcOptions } from './rpc.js';
import type { StaticFile } from './static.js';

export interface HttpOptions extends RpcOptions {
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly directory: Pick<TenantDirectory, 'settings'>;
  /** Whether this process can serve; rejects with the reason when not. */
  readonly ready: () => Promise<void>;
  /** State of every service of the platform: "ok" or what is wrong. */
  readonly platform: () => Promise<Readonly<Record<string, string>>>;
}

/** The public HTTP server, not yet listening; upgrades are up to its owner. */
export const createHttpServer = (options: HttpOptions): Server => {
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 },
    (request, response) => {
      route(options, request, response).catch((error: unknown) => fail(options, request, response, error));
    },
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status =
      error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
  });
  return server;
};

const route = async (
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  if (path.startsWith('/parley.')) {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { ...ALWAYS, ...(await options.cors.preflight(request)) });
      response.end();
      return;
    }
    return answerRpc(options, path.slice(1), request, response);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    if (!isPage(options.files, path)) throw noSuchPath(path);
    const message = `${path.slice(0, 100)} is read with GET`;
    const problem = new ApiError(ErrorCode.unimplemented, message, { reason: 'METHOD_NOT_ALLOWED' });
    throw new HttpError(405, problem, { allow: 'GET, HEAD' });
  }
  switch (path) {
    case '/healthz/live':
      return sendJson(response, 200, '{"status":"ok"}');
    case '/healthz/ready': {
      const problem = await options.ready().then(() => undefined, reasonOf);
      return sendJson(response, problem ? 503 : 200, JSON.stringify({ status: problem ?? 'ok' }));
    }
    case '/readyz': {
      const services = await options.platform();
      const ready = Object.values(services).every((state) => state === 'ok');
      return sendJson(response, ready ? 200 : 503, JSON.stringify({ ready, services }));
    }
    default:
      return sendFile(options, path, query, request, response);
  }
};

const sendFile = async (
  { files, directory }: HttpOptions,
  path: string,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const target = redirectOf(files, path);
  if (target) {
    response.writeHead(302, { ...ALWAYS, location: query ? `${target}?${query}` : target });
    response.end();
    return;
  }
  const file = files.get(path) ?? files.get(`${path}index.html`) ?? deskPage(files, path);
  if (!file) throw noSuchPath(path);
  const html = file.contentType.startsWith('text/html');
  const headers: Record<string, string> = {
    ...ALWAYS,
    'content-type': file.contentType,
    etag: file.etag,
    'cache-control': file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    // The loader and its assets are made to be embedded; pages are covered by frame-ancestors.
    ...(path.startsWith('/widget') && !html ? { 'cross-origin-resource-policy': 'cross-origin' } : {}),
  };
  if (html) headers['content-security-policy'] = pagePolicy(file, await ancestorsOf(directory, path, query));
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
};

/** `/` goes to the demo where there is one, else to the desk; `/desk` to `/desk/`. */
const redirectOf = (files: ReadonlyMap<string, StaticFile>, path: string): string | undefined => {
  if (path === '/') return ['/demo/', '/desk/'].find((page) => files.has(`${page}index.html`));
  return !path.endsWith('/') && files.has(`${path}/index.html`) ? `${path}/` : undefined;
};

// The desk routes in the browser: what is no file is a view of it.
const deskPage = (files: ReadonlyMap<string, StaticFile>, path: string): StaticFile | undefined =>
  path.startsWith('/desk/') && !/\.[a-z0-9]+$/i.test(path) ? files.get('/desk/index.html') : undefined;

const ancestorsOf = async (
  directory: HttpOptions['directory'],
  path: string,
  query: string,
): Promise<readonly string[]> => {
  if (!path.startsWith('/widget/')) return ["'none'"];
  const tenant = new URLSearchParams(query).get('tenant');
  const settings = isId(tenant) ? await directory.settings(tenant) : undefined;
  return widgetAncestors(settings?.allowedOrigins ?? []);
};

const PATHS = ['/', '/healthz/live', '/healthz/ready', '/readyz'];
const isPage = (files: ReadonlyMap<string, StaticFile>, path: string): boolean =>
  PATHS.includes(path) || files.has(path) || files.has(`${path}index.html`);

const noSuchPath = (path: string): HttpError =>
  new HttpError(
    404,
    notFound(
      'NO_SUCH_PATH',
      `there is nothing at ${path.slice(0, 200)}: methods are at /parley.<service>.v1.<Service>/<Method>, the socket at /ws, pages at /desk/ and /demo/`,
    ),
  );

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const fail = (
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void => {
  if (response.headersSent || (request.destroyed && !response.writable)) return void response.destroy();
  // What is left of a refused body is not read: the connection ends with the answer.
  const headers: Record<string, string> = request.complete ? {} : { connection: 'close' };
  if (error instanceof HttpError)
    return sendProblem(response, error.problem, error.status, { ...headers, ...error.headers });
  sendProblem(response, options.toApiError(error), undefined, headers);
};

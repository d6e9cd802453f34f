import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePorts } from '../../deploy/local/ports.mjs';
import { startPlatform, type Platform } from '../../deploy/local/platform.mjs';

/** Processes of each service that several can run of, when a tool is told to run N. */
const MULTIPLIED = ['conversation', 'routing', 'transcript'];
/** Those, and the others that several can run of behind one gateway. */
export const ALL_BEHIND_GATEWAY = [...MULTIPLIED, 'presence', 'analytics', 'notification'];

export interface TemporaryPlatformOptions {
  /** What the data folder's name begins with, after `parley-`. */
  readonly name: string;
  /** Over the variables of every service. */
  readonly env?: Record<string, string>;
  /** Processes of each of the services that keep partitions; 1 when not given. */
  readonly instances?: number;
  /** Instead of those: the services that so many processes run of. */
  readonly multiplied?: readonly string[];
  /** Folders of other releases, by the name of the process that is of one. */
  readonly releases?: Record<string, string>;
  readonly onEvent?: (name: string, kind: string, text: string) => void;
  /** Keeps the data folder for a look at what went wrong. */
  readonly keep?: boolean;
}

/** A platform of one's own with the demo tenant, whose data goes when it is closed. */
export interface TemporaryPlatform {
  readonly platform: Platform;
  readonly httpPort: number;
  readonly tenant: string;
  readonly admin: { readonly email: string; readonly password: string };
  /** Where a replay goes, and as whom it prepares. */
  readonly target: {
    readonly gateway: string;
    readonly grpcAddress: string;
    readonly tenant: string;
    readonly admin: TemporaryPlatform['admin'];
  };
  close(): Promise<void>;
}

/** Starts one on free ports. Close it in any case; fails with one line, and leaves nothing, when it does not start. */
export const startTemporaryPlatform = async (
  options: TemporaryPlatformOptions,
): Promise<TemporaryPlatform> => {
  const { name, env = {}, instances = 1, keep = false } = options;
  const dataFolder = mkdtempSync(join(tmpdir(), `parley-${name}-`));
  const clean = (): void => {
    if (keep) console.error(`kept: ${dataFolder}`);
    else rmSync(dataFolder, { recursive: true, force: true });
  };
  const [httpPort, grpcPort] = await freePorts(2);
  try {
    const platform = await startPlatform({
      dataFolder,
      httpPort,
      grpcPort,
      seedFile: resolve('deploy/local/seed.json'),
      // A tool's agents all log in from one address.
      env: { PARLEY_LOG_LEVEL: 'warn', PARLEY_LOGIN_RATE: '1000', PARLEY_SOCKET_RATE: '10000', ...env },
      instances: Object.fromEntries(
        (options.multiplied ?? MULTIPLIED).map((service) => [service, instances]),
      ),
      ...(options.releases ? { releases: options.releases } : {}),
      ...(options.onEvent ? { onEvent: options.onEvent } : {}),
    });
    const close = async (): Promise<void> => {
      await platform.stop();
      clean();
    };
    const tenant = 'demo';
    const admin = { email: 'admin@demo.example', password: 'parley-demo' };
    const { httpUrl: gateway, grpcAddress } = platform;
    return { platform, httpPort, tenant, admin, target: { gateway, grpcAddress, tenant, admin }, close };
  } catch (error) {
    clean();
    throw error;
  }
};

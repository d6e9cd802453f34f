export interface PlatformOptions {
  dataFolder: string;
  httpPort: number;
  grpcPort: number;
  seedFile?: string;
  env?: Record<string, string>;
  instances?: Record<string, number>;
  releases?: Record<string, string>;
  onEvent?: (name: string, kind: string, text: string) => void;
  signal?: AbortSignal;
}

export interface PlatformChild {
  readonly name: string;
  readonly pid: number | undefined;
  readonly restarts: number;
  signal(signal: NodeJS.Signals): void;
}

export interface Platform {
  readonly httpUrl: string;
  readonly grpcAddress: string;
  readonly natsUrl: string;
  readonly names: string[];
  readonly metricsUrls: Record<string, string>;
  readonly failure: Promise<never>;
  child(name: string): PlatformChild | undefined;
  stop(): Promise<void>;
  kill(): void;
}

export function startPlatform(options: PlatformOptions): Promise<Platform>;

export const IMAGES: Readonly<Record<'parley' | 'nats' | 'mongodb', string>>;
/** Seconds since 1970. */
export function sourceDateEpoch(): Promise<string>;
export function buildImages(options: {
  readonly build: readonly string[];
  readonly load?: readonly string[];
  readonly bringNpm?: boolean;
  readonly names?: readonly string[];
}): Promise<void>;

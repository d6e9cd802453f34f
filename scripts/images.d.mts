export const IMAGES: Readonly<Record<'parley' | 'nats' | 'mongodb', string>>;
/** Seconds since 1970. */
export function sourceDateEpoch(): Promise<string>;
export function buildImages(options: {
  readonly build: readonly string[];
  readonly load?: readonly string[];
  readonly bringNpm?: boolean;
  readonly names?: readonly string[];
}): Promise<void>;
/** The id of the image, which is the same both times, or a failure. */
export function buildTwice(build: readonly string[], bringNpm: boolean): Promise<string>;

import type { Envelope, ToFrame, ToPage } from '../protocol.js';

/** The page that the frame stands in. */
export interface Bridge {
  readonly tenant: string;
  tell(message: ToPage): void;
  /** Hears what the page says from now on, and tells it that we are ready. */
  listen(listener: (message: ToFrame) => void): void;
}

/**
 * Speaks with the loader. Its origin stands in our address; the gateway's frame-ancestors let only allowed origins
 * embed us, and messages of any other origin or window are ignored.
 */
export const openBridge = (): Bridge => {
  const query = new URLSearchParams(location.search);
  const origin = query.get('origin') ?? location.origin;
  const tell = (message: ToPage): void => {
    if (window.parent !== window) window.parent.postMessage({ parley: message }, origin);
  };
  return {
    tenant: query.get('tenant') ?? '',
    tell,
    listen: (listener) => {
      addEventListener(
        'message',
        ({ data, origin: from, source }: MessageEvent<Partial<Envelope<ToFrame>> | null>) => {
          if (data?.parley && from === origin && source === window.parent) listener(data.parley);
        },
      );
      tell({ type: 'ready' });
    },
  };
};

import { useEffect, useState } from 'preact/hooks';
import type { ChatState } from '../state.js';
import { Cloud } from './icons.js';
import { useOnline, useSurroundings } from './shared.js';

// A reconnect that takes no longer than this is nobody's concern.
const QUIET_MS = 1_500;

/** Says when there is no connection; nothing otherwise. Lies over the thread, so that nothing moves. */
export const Banner = ({ state }: { state: ChatState }) => {
  const { say } = useSurroundings().language;
  const online = useOnline();
  const lost = state.begun && (state.connection === 'offline' || state.connection === 'connecting');
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!lost) return;
    const timer = setTimeout(() => setLate(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  const text =
    state.boot === 'notAllowed'
      ? say('notAllowed')
      : state.boot === 'unreachable'
        ? say('unreachable')
        : !online
          ? say('offline')
          : lost && late
            ? say('reconnecting')
            : '';
  return (
    <div role="status" class="banner-place">
      {text && (
        <p class="banner">
          <Cloud /> {text}
        </p>
      )}
    </div>
  );
};

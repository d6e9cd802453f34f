import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Chat } from '../chat.js';
import type { ChatState } from '../state.js';
import type { Language } from '../i18n/index.js';
import type { Keep } from '../keep.js';

/** What every view may use. */
export interface Surroundings {
  readonly chat: Chat;
  readonly keep: Keep;
  readonly language: Language;
  readonly onHide: () => void;
}

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

/** The surroundings of the view. Throws outside of App. */
export const useSurroundings = (): Surroundings => {
  const surroundings = useContext(SurroundingsContext);
  if (!surroundings) throw new Error('Views stand in App.');
  return surroundings;
};

/** The chat's state, rendering anew when it changes. */
export const useChat = (chat: Chat): ChatState => {
  const [state, setState] = useState(chat.state);
  useEffect(() => {
    setState(chat.state);
    return chat.subscribe(setState);
  }, [chat]);
  return state;
};

const ASK_EVERY_MS = 60_000;
/** Nobody is asked at every letter of a topic. */
const TYPED_MS = 500;

/** Keeps asking whether somebody is there for this topic; the chat's state has the answer. */
export const useAvailability = (topic: string): void => {
  const { chat, language } = useSurroundings();
  useEffect(() => {
    const timer = setTimeout(() => void chat.askAvailability(topic), topic ? TYPED_MS : 0);
    const again = setInterval(() => void chat.askAvailability(topic), ASK_EVERY_MS);
    return () => {
      clearTimeout(timer);
      clearInterval(again);
    };
    // Who is there may depend on the language.
  }, [chat, topic, language.locale]);
};

/** Whether the browser says that it has a network. */
export const useOnline = (): boolean => {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = (): void => setOnline(navigator.onLine);
    addEventListener('online', update);
    addEventListener('offline', update);
    return () => {
      removeEventListener('online', update);
      removeEventListener('offline', update);
    };
  }, []);
  return online;
};

/** Runs something that may fail: whether it runs, and whether the last try failed. */
export const useTask = (
  work: () => Promise<void>,
): { run: () => void; busy: boolean; failed: boolean; error: unknown } => {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ error: unknown }>();
  const run = (): void => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    work()
      .catch((error: unknown) => setFailure({ error }))
      .finally(() => setBusy(false));
  };
  return { run, busy, failed: failure !== undefined, error: failure?.error };
};

/** First letters of the first and the last word of a name. */
export const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
};

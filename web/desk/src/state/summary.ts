import type { Thread } from './thread.js';

/** How many of the visitor's last messages a draft repeats, and how long each may be. */
const MESSAGES = 3;
const MOST_CHARS = 240;

const short = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS - 1)}…` : line;
};

/** Words before each part of a draft. */
export interface SummaryWords {
  readonly topic: string;
  readonly visitor: string;
  readonly note: string;
}

/** A first draft of what the next agent needs to know: the topic, the notes, what the visitor wrote last. */
export const summaryDraft = ({ topic, items }: Thread, words: SummaryWords): string => {
  const notes = items.flatMap((item) => (item.type === 'note' ? short(item.text) : []));
  const asked = items.flatMap((item) =>
    item.type === 'message' && item.author === 'visitor' ? short(item.text) : [],
  );
  return [
    ...(topic ? [`${words.topic}: ${topic}`] : []),
    ...notes.filter(Boolean).map((text) => `${words.note}: ${text}`),
    ...asked
      .filter(Boolean)
      .slice(-MESSAGES)
      .map((text) => `${words.visitor}: ${text}`),
  ].join('\n');
};

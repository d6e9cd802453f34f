type Kind = 'reply' | 'note' | 'whisper' | 'summary' | 'answer';

/** What was typed and not sent, kept per conversation and kind over reloads. */
export class Drafts {
  constructor(private readonly prefix: string) {}

  get(conversationId: string, kind: Kind): string {
    return localStorage.getItem(this.#key(conversationId, kind)) ?? '';
  }

  set(conversationId: string, kind: Kind, text: string): void {
    const key = this.#key(conversationId, kind);
    try {
      if (text) localStorage.setItem(key, text);
      else localStorage.removeItem(key);
    } catch {
      // A full storage loses drafts over reloads, nothing else.
    }
  }

  #key(conversationId: string, kind: Kind): string {
    return `${this.prefix}draft.${kind}.${conversationId}`;
  }
}

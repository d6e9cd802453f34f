/** Characters that change the direction of all that follows them: embeddings, overrides, isolates and their ends. */
const CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
/** What is written from right to left, or changes the direction. */
const TURNS =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A text of somebody else, such as a name, as it may stand in a sentence: without characters that turn what stands
 * around it, and between first-strong isolate and pop directional isolate when its own direction could do so as well.
 * Any other text as it is, so that it is found and copied without unseen characters. Only to be shown, not to be stored.
 */
export const isolated = (text: string): string =>
  TURNS.test(text) ? `\u2068${text.replace(CONTROLS, '')}\u2069` : text;

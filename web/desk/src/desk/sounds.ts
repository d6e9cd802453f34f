let context: AudioContext | undefined;

/** One tone with a soft end. Frequencies in Hz, times in seconds. */
const tone = (
  audio: AudioContext,
  frequency: number,
  start: number,
  length: number,
  loudness: number,
): void => {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.type = 'sine';
  oscillator.frequency.value = frequency;
  const at = audio.currentTime + start;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loudness, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + length);
};

const play = (...tones: readonly (readonly [frequency: number, start: number, length: number])[]): void => {
  // Browsers let a page sound only after it was used once; before that, nothing is heard and nothing fails.
  context ??= new AudioContext();
  const audio = context;
  void audio.resume().then(() => {
    for (const [frequency, start, length] of tones) tone(audio, frequency, start, length, 0.16);
  });
};

/** An offer rings: two rising tones. */
export const playRing = (): void => play([659, 0, 0.35], [880, 0.16, 0.55]);

/** A message came in. */
export const playMessage = (): void => play([740, 0, 0.22]);

/** A short, soft two-tone chime; silent where the browser does not let the frame play yet. */
export const ring = (): void => {
  const audio = new AudioContext();
  const tone = (frequency: number, at: number): void => {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.12, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + 0.4);
  };
  tone(660, audio.currentTime);
  tone(880, audio.currentTime + 0.12);
  setTimeout(() => void audio.close(), 1_000);
};

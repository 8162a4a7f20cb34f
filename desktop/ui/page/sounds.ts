import type Alpine from "@alpinejs/csp";
import type { Desk } from "./desk.ts";

/** Two soft notes when a new question or alert appears, if the streamer wants to hear it. */
export function watchForSounds(alpine: typeof Alpine, desk: Desk): void {
  let known: Set<string> | null = null;
  alpine.effect(() => {
    const { state } = desk;
    if (state === null) return;
    const ids = [...state.questions, ...state.alerts].map(({ id }) => id);
    const before = known;
    known = new Set(ids);
    if (before !== null && state.settings.sounds && ids.some((id) => !before.has(id))) play();
  });
}

function play(): void {
  const context = new AudioContext();
  for (const [at, frequency] of [660, 880].entries()) {
    const start = context.currentTime + at * 0.16;
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = frequency;
    loudness.gain.setValueAtTime(0.08, start);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
    tone.connect(loudness).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.3);
    if (at === 1) tone.addEventListener("ended", () => void context.close());
  }
}

// The waveform of the page, its zoom, and the finer outline when there is one.
import type { Desk } from "./desk";
import * as edits from "./edits";
import type { Sound } from "./sound";
import { Wave } from "./wave";

const AGAIN_MS = 5000;
const TRIES = 12;
const DEEPEST_PX_PER_SECOND = 400;

/** Draw the waveform; undefined when there is no outline to draw. */
export function outlineOf(desk: Desk, sound: Sound): Wave | undefined {
  const { durationMs, peaks, outline } = desk.settings;
  const seconds = durationMs / 1000;
  if (!seconds || !peaks.length) return undefined;
  const box = desk.target("wave");
  const wave: Wave = new Wave(box, sound.audio, peaks, seconds, {
    moved: (id, start, end) => {
      edits.moveBorders(desk.store, id, start, end, durationMs);
      wave.refresh();
    },
    pressed: (ms) => sound.seek(ms),
    rows: (start, end) => desk.store.all().filter((row) => row.end > start && row.start < end),
  });
  const zoom = desk.target<HTMLInputElement>("zoom");
  const whole = box.clientWidth / seconds;
  zoom.addEventListener("input", () =>
    wave.zoom(whole * (DEEPEST_PX_PER_SECOND / whole) ** (Number(zoom.value) / 100)),
  );
  if (outline) void refine(wave, outline, TRIES);
  return wave;
}

/** The fine outline is made by the worker when it is first asked for. */
async function refine(wave: Wave, address: string, tries: number): Promise<void> {
  const answer = await fetch(address).catch(() => undefined);
  if (answer?.ok) wave.refine(new Uint8Array(await answer.arrayBuffer()));
  else if (tries) setTimeout(() => void refine(wave, address, tries - 1), AGAIN_MS);
}

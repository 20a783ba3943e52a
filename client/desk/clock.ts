/** Milliseconds as the desk writes them: 1:02.345 or 1:02:03.456. */
export function writeTime(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const rest = String(whole % 1000).padStart(3, "0");
  const seconds = Math.floor(whole / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}.${rest}`
    : `${minutes}:${two(seconds % 60)}.${rest}`;
}

/** Milliseconds of 1:02:03.456, 1:02.3 or 62; NaN when it is no time. */
export function readTime(text: string): number {
  const match = /^(?:(?:(\d+):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (!match) return NaN;
  const [, hours = "0", minutes = "0", seconds, fraction = "0"] = match;
  return (
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, "0"))
  );
}

/** The time at which a text splits, by its share of characters. */
export function splitTime(startMs: number, endMs: number, before: string, after: string): number {
  const total = before.length + after.length || 1;
  return Math.round(startMs + ((endMs - startMs) * before.length) / total);
}

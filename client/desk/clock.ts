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

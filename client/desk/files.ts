/** A first title from a file's name: without its ending, with spaces for dashes. */
export function fileTitle(name: string): string {
  const stem = name
    .replace(/\.[^.]{1,5}$/, "")
    .replace(/[_-]+/g, " ")
    .trim();
  return stem.charAt(0).toUpperCase() + stem.slice(1);
}

/** Bytes as people read them. */
export function readableSize(bytes: number): string {
  for (const [unit, size] of [
    ["GB", 1e9],
    ["MB", 1e6],
    ["KB", 1e3],
  ] as const) {
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  }
  return `${bytes} bytes`;
}

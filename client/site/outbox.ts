// Messages that could not be sent, kept in this browser until they can be. No DOM: the storage is passed in.

export interface Kept {
  /** The same for the same message sent again, so that it is taken once. */
  key: string;
  url: string;
  challenge: string;
  fields: [string, string][];
  /** What the newsroom said when it would not take it; then it is not tried again by itself. */
  refused?: string;
}

export interface Shelf {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

const NAME = "onrecord-outbox";
const MOST = 20;

/** Every message kept, oldest first; none where the browser keeps nothing. */
export function keptIn(shelf: Shelf | null): Kept[] {
  try {
    const found: unknown = JSON.parse(shelf?.getItem(NAME) ?? "[]");
    return Array.isArray(found) ? found.filter(isKept) : [];
  } catch {
    return [];
  }
}

/** Keep a message; false when the browser will not, or has too many already. */
export function keep(shelf: Shelf | null, message: Kept): boolean {
  const others = keptIn(shelf).filter(({ key }) => key !== message.key);
  return others.length < MOST && write(shelf, [...others, message]);
}

/** Forget a message that was sent, or that the reader throws away. */
export function forget(shelf: Shelf | null, key: string): void {
  write(
    shelf,
    keptIn(shelf).filter((message) => message.key !== key),
  );
}

/** What the reader wrote, to tell one message from another: the longest of the fields that people type. */
export function gist({ fields }: Kept, most = 80): string {
  const typed = fields.filter(([name]) => name === "suggestion" || name === "text").map(([, value]) => value);
  const words = (typed[0] ?? "").replace(/\s+/g, " ").trim();
  return words.length > most ? `${words.slice(0, most - 1).trimEnd()}…` : words;
}

/** Until the next try, in milliseconds: longer each time, at most five minutes. */
export function pause(tries: number): number {
  return Math.min(300_000, 5_000 * 2 ** Math.min(tries, 10));
}

function write(shelf: Shelf | null, messages: Kept[]): boolean {
  if (!shelf) return false;
  try {
    if (messages.length) shelf.setItem(NAME, JSON.stringify(messages));
    else shelf.removeItem(NAME);
    return true;
  } catch {
    return false; // full, or forbidden
  }
}

function isKept(value: unknown): value is Kept {
  const message = value as Partial<Kept> | null;
  return (
    typeof message?.key === "string" &&
    typeof message.url === "string" &&
    typeof message.challenge === "string" &&
    Array.isArray(message.fields)
  );
}

// What every key does: one table for the desk to act on, for the list on the screen and for the guide.

/** A key and the name of what it does; what that is in words is the screen's text `key.NAME`. */
export interface Key {
  readonly keys: string;
  readonly act: string;
}

// prettier-ignore
export const KEYS: readonly Key[] = [
  { keys: "Esc", act: "toggle" },
  { keys: "F2", act: "back" },
  { keys: "F4", act: "forward" },
  { keys: "F7", act: "slower" },
  { keys: "Shift+F7", act: "faster" },
  { keys: "F8", act: "loop" },
  { keys: "F9", act: "playWord" },
  { keys: "Shift+F9", act: "bleeped" },
  { keys: "Enter", act: "split" },
  { keys: "Alt+J", act: "join" },
  { keys: "Alt+N", act: "insert" },
  { keys: "Alt+Delete", act: "remove" },
  { keys: "Alt+ArrowUp", act: "up" },
  { keys: "Alt+ArrowDown", act: "down" },
  { keys: "Alt+ArrowLeft", act: "left" },
  { keys: "Alt+ArrowRight", act: "right" },
  { keys: "Alt+[", act: "startHere" },
  { keys: "Alt+]", act: "endHere" },
  { keys: "Alt+,", act: "earlier" },
  { keys: "Alt+.", act: "later" },
  { keys: "Alt+T", act: "measure" },
  { keys: "Alt+S", act: "speaker" },
  { keys: "Alt+M", act: "mask" },
  { keys: "Alt+U", act: "unclear" },
  { keys: "Alt+O", act: "soundBracket" },
  { keys: "Alt+B", act: "clarification" },
  { keys: "Alt+R", act: "review" },
  { keys: "Alt+G", act: "term" },
  { keys: "Alt+1", act: "offer1" },
  { keys: "Alt+2", act: "offer2" },
  { keys: "Alt+3", act: "offer3" },
  { keys: "Ctrl+F", act: "find" },
  { keys: "Ctrl+H", act: "replace" },
  { keys: "F3", act: "findNext" },
  { keys: "Ctrl+Z", act: "undo" },
  { keys: "Ctrl+Shift+Z", act: "redo" },
  { keys: "Ctrl+S", act: "publish" },
  { keys: "F1", act: "help" },
];

const NAMES: Record<string, string> = {
  BracketLeft: "[",
  BracketRight: "]",
  Comma: ",",
  Period: ".",
  Escape: "Esc",
};
const SHIFT_OPTIONAL = new Set(["earlier", "later", "findNext"]);
const ALSO: Record<string, string> = { "Ctrl+Y": "redo", "Shift+F3": "findNext" };
const ACTS = new Map(KEYS.map(({ keys, act }) => [keys, act]));

/** What a press asks for, whatever keyboard layout is on; undefined for plain typing. */
export function actOf(
  event: Pick<KeyboardEvent, "code" | "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): string | undefined {
  const code = event.code || event.key;
  const name = NAMES[code] ?? code.replace(/^(Key|Digit)/, "").replace(/^NumpadEnter$/, "Enter");
  const ctrl = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const full = `${ctrl}${alt}${event.shiftKey ? "Shift+" : ""}${name}`;
  const found = ACTS.get(full) ?? ALSO[full];
  if (found || !event.shiftKey) return found;
  const without = ACTS.get(`${ctrl}${alt}${name}`);
  return without && SHIFT_OPTIONAL.has(without) ? without : undefined;
}

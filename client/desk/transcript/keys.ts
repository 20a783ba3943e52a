// What every key does: one table for the desk to act on, for the list on the screen and for the guide.

export interface Key {
  readonly keys: string;
  readonly does: string;
  readonly act: string;
}

// prettier-ignore
export const KEYS: readonly Key[] = [
  { keys: "Esc", does: "Play or pause", act: "toggle" },
  { keys: "F2", does: "Back 3 seconds", act: "back" },
  { keys: "F4", does: "Forward 3 seconds", act: "forward" },
  { keys: "F7", does: "Slower", act: "slower" },
  { keys: "Shift+F7", does: "Faster", act: "faster" },
  { keys: "F8", does: "Loop this segment, or stop looping", act: "loop" },
  { keys: "F9", does: "Play from the word at the cursor", act: "playWord" },
  { keys: "Shift+F9", does: "Play this segment as readers will hear it, masks bleeped", act: "bleeped" },
  { keys: "Enter", does: "Split the segment at the cursor", act: "split" },
  { keys: "Alt+J", does: "Join with the segment below (also Delete at the end, Backspace at the start)", act: "join" },
  { keys: "Alt+N", does: "New segment below", act: "insert" },
  { keys: "Alt+Delete", does: "Take the segment out", act: "remove" },
  { keys: "Alt+ArrowUp", does: "Segment above", act: "up" },
  { keys: "Alt+ArrowDown", does: "Segment below", act: "down" },
  { keys: "Alt+ArrowLeft", does: "Left side", act: "left" },
  { keys: "Alt+ArrowRight", does: "Right side", act: "right" },
  { keys: "Alt+[", does: "The segment starts where the sound is now", act: "startHere" },
  { keys: "Alt+]", does: "The segment ends where the sound is now", act: "endHere" },
  { keys: "Alt+,", does: "Start 50 ms earlier (with Shift: end)", act: "earlier" },
  { keys: "Alt+.", does: "Start 50 ms later (with Shift: end)", act: "later" },
  { keys: "Alt+S", does: "Speaker of this segment", act: "speaker" },
  { keys: "Alt+M", does: "Mask the selected words, or change their mask", act: "mask" },
  { keys: "Alt+U", does: "Write [unclear]", act: "unclear" },
  { keys: "Alt+O", does: "Put in brackets as a sound: [door]", act: "soundBracket" },
  { keys: "Alt+B", does: "Put in brackets as an editor’s clarification", act: "clarification" },
  { keys: "Alt+R", does: "Mark this side of the segment as reviewed, or not", act: "review" },
  { keys: "Ctrl+F", does: "Find", act: "find" },
  { keys: "Ctrl+H", does: "Find and replace", act: "replace" },
  { keys: "F3", does: "Next place found (with Shift: the one before)", act: "findNext" },
  { keys: "Ctrl+Z", does: "Undo", act: "undo" },
  { keys: "Ctrl+Shift+Z", does: "Redo (also Ctrl+Y)", act: "redo" },
  { keys: "Ctrl+S", does: "Save as the next version", act: "publish" },
  { keys: "F1", does: "This list (also ? where nothing is typed)", act: "help" },
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

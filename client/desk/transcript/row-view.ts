// The element of one segment: its time and speaker, and a field for each side.
import { writeTime } from "../clock";
import { type Row, sameWords, type Side, textOf } from "./model";
import type { Painter } from "./paint";
import type { Conflict } from "./saver";

/** What a row shows beside its words. */
export interface RowContext {
  readonly languages: readonly string[];
  readonly overlaps: boolean;
  readonly conflict: Conflict | undefined;
  readonly refused: string | undefined;
}

const STATES = { machine: "machine", draft: "draft", reviewed: "reviewed" } as const;

/** Short time for people: 1:02.3 */
export function shortTime(ms: number): string {
  return writeTime(ms).slice(0, -2);
}

/** A new element for a row. */
export function makeRow(row: Row, context: RowContext, painter: Painter): HTMLElement {
  const element = document.createElement("li");
  element.className = "or-row";
  const head = make("div", "or-row__head");
  const play = button(shortTime(row.start), "or-row__time", "playRow");
  play.dataset.part = "time";
  const speaker = make("input", "or-row__speaker");
  speaker.type = "text";
  speaker.setAttribute("list", "or-speakers");
  speaker.setAttribute("autocomplete", "off");
  speaker.dataset.part = "speaker";
  const overlap = make("span", "or-small", "talks over");
  overlap.dataset.part = "overlap";
  head.append(play, speaker, overlap);
  element.append(head, ...context.languages.map((language) => makeCell(language)));
  fillRow(element, row, context, painter);
  return element;
}

function makeCell(language: string): HTMLElement {
  const cell = make("div", "or-cell");
  cell.dataset.language = language;
  const field = make("div", "or-field");
  field.contentEditable = "plaintext-only";
  if (field.contentEditable !== "plaintext-only") field.contentEditable = "true";
  field.setAttribute("role", "textbox");
  field.setAttribute("aria-multiline", "true");
  field.lang = language;
  field.spellcheck = true;
  const foot = make("div", "or-cell__foot");
  const state = button("", "or-cell__state", "review");
  state.dataset.part = "state";
  const masks = make("span", "or-cell__masks");
  foot.append(state, masks);
  cell.append(field, foot);
  return cell;
}

/** Bring an element up to date with its row; what is being typed is left as it stands. */
export function fillRow(element: HTMLElement, row: Row, context: RowContext, painter: Painter): void {
  const at = shortTime(row.start);
  const time = part(element, "time");
  time.textContent = at;
  time.setAttribute("aria-label", `Play from ${at}`);
  time.title = `${writeTime(row.start)} – ${writeTime(row.end)}`;
  const speaker = part(element, "speaker") as HTMLInputElement;
  if (document.activeElement !== speaker) speaker.value = row.speaker;
  speaker.setAttribute("aria-label", `Speaker at ${at}`);
  part(element, "overlap").hidden = !context.overlaps;
  for (const cell of element.querySelectorAll<HTMLElement>(".or-cell")) {
    const side = row.sides[cell.dataset.language!];
    const field = cell.querySelector<HTMLElement>(".or-field")!;
    field.setAttribute(
      "aria-label",
      `Words (${cell.dataset.language}) at ${at}, ${row.speaker || "no speaker"}`,
    );
    setText(field, textOf(side.words));
    painter.words(field, side.words);
    fillFoot(cell, side);
  }
  fillTrouble(element, row, context);
}

/** Put a text into a field if it is another one than what stands there, spaces aside. */
function setText(field: HTMLElement, text: string): void {
  const now = field.textContent ?? "";
  if (document.activeElement === field && now.split(/\s+/).filter(Boolean).join(" ") === text) return;
  if (now !== text) field.textContent = text;
}

function fillFoot(cell: HTMLElement, side: Side): void {
  const state = part(cell, "state");
  cell.dataset.state = side.state;
  const when = side.at ? `, ${new Date(side.at).toLocaleDateString()}` : "";
  state.textContent =
    side.state === "reviewed" && side.by ? `✓ reviewed by ${side.by}${when}` : STATES[side.state];
  state.setAttribute("aria-pressed", String(side.state === "reviewed"));
  const masked = side.words.filter(({ mask }) => mask);
  cell.querySelector(".or-cell__masks")!.textContent = masked.length
    ? `masked: ${masked.map(({ text, mask, reads }) => `${text} (${reads ? `${mask}: ${reads}` : mask})`).join(", ")}`
    : "";
}

function fillTrouble(element: HTMLElement, row: Row, { conflict, refused, languages }: RowContext): void {
  element.querySelector(".or-row__trouble")?.remove();
  if (!conflict && !refused) return;
  const trouble = make("div", "or-row__trouble");
  trouble.setAttribute("role", "group");
  if (refused) {
    trouble.append(make("p", "", `Not saved: ${refused}`));
  } else if (conflict) {
    trouble.setAttribute("aria-label", "Two texts");
    const who = conflict.by || "Somebody";
    trouble.append(
      make(
        "strong",
        "",
        conflict.theirs ? `${who} changed this meanwhile:` : `${who} took this out meanwhile.`,
      ),
    );
    if (conflict.theirs) trouble.append(...theirsOf(row, conflict.theirs, languages));
    trouble.append(
      button("Keep mine", "button button-small", "keepMine"),
      button(
        conflict.theirs ? "Take theirs" : "Take it out",
        "button button-small button-secondary",
        "takeTheirs",
      ),
    );
  }
  element.append(trouble);
}

/** What is different in the other text. */
function theirsOf(mine: Row, theirs: Row, languages: readonly string[]): HTMLElement[] {
  const lines = languages
    .filter((language) => !sameWords(mine.sides[language].words, theirs.sides[language].words))
    .map((language) => {
      const words = make("p", "or-row__theirs", textOf(theirs.sides[language].words) || "(no words)");
      words.lang = language;
      return words;
    });
  const where = `${theirs.speaker || "no speaker"}, ${shortTime(theirs.start)} – ${shortTime(theirs.end)}`;
  const moved = mine.speaker !== theirs.speaker || mine.start !== theirs.start || mine.end !== theirs.end;
  return moved || !lines.length ? [...lines, make("p", "or-small", where)] : lines;
}

function part(element: HTMLElement, name: string): HTMLElement {
  return element.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
}

function button(text: string, className: string, act: string): HTMLButtonElement {
  const made = make("button", className, text);
  made.type = "button";
  made.dataset.act = act;
  return made;
}

/** An element with a class and a text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

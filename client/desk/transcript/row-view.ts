// The element of one segment: its time and speaker, and a field for each side.
import { writeTime } from "../clock";
import { type Row, sameWords, type Side, textOf } from "./model";
import type { Painter } from "./paint";
import { say } from "./texts";
import type { Conflict } from "./unsaved";

/** What stands in the way of saving a row. */
export interface Trouble {
  readonly conflict: Conflict | undefined;
  readonly refused: string | undefined;
}
/** What a row shows beside its words. */
export interface RowContext extends Trouble {
  readonly languages: readonly string[];
  readonly overlaps: boolean;
}

/** Short time for people: 1:02.3 */
export function shortTime(ms: number): string {
  return writeTime(ms).slice(0, -2);
}

/** A new element for a row, to be filled. */
export function makeRow(row: Row, languages: readonly string[]): HTMLElement {
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
  const overlap = make("span", "or-small", say("row.talksOver"));
  overlap.dataset.part = "overlap";
  head.append(play, speaker, overlap);
  element.append(head, ...languages.map((language) => makeCell(language)));
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
  time.setAttribute("aria-label", say("row.playFrom", { time: at }));
  time.title = `${writeTime(row.start)} – ${writeTime(row.end)}`;
  const speaker = part(element, "speaker") as HTMLInputElement;
  if (document.activeElement !== speaker) speaker.value = row.speaker;
  speaker.setAttribute("aria-label", say("row.speakerAt", { time: at }));
  part(element, "overlap").hidden = !context.overlaps;
  for (const cell of element.querySelectorAll<HTMLElement>(".or-cell")) {
    const language = cell.dataset.language!;
    const side = row.sides[language];
    const field = cell.querySelector<HTMLElement>(".or-field")!;
    field.setAttribute(
      "aria-label",
      say("row.wordsAt", { language, time: at, speaker: row.speaker || say("row.noSpeaker") }),
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
  state.textContent = stateOf(side);
  state.setAttribute("aria-pressed", String(side.state === "reviewed"));
  const words = side.words
    .filter(({ mask }) => mask)
    .map(({ text, mask, reads }) => {
      const kind = say(`mask.${mask}`);
      return `${text} (${reads ? `${kind}: ${reads}` : kind})`;
    })
    .join(", ");
  cell.querySelector(".or-cell__masks")!.textContent = words ? say("row.masked", { words }) : "";
}

function stateOf({ state, by, at, words }: Side): string {
  if (state === "machine" && by) return say("row.machineBy", { engine: by });
  // To the gate these are a machine's words until somebody has reviewed them: see onrecord.transcripts.reviews.
  if (state === "draft" && words.some(({ id }) => id.startsWith("mt-"))) return say("row.machineChanged");
  if (state !== "reviewed" || !by) return say(`row.state.${state}`);
  if (!at) return say("row.reviewedBy", { person: by });
  return say("row.reviewedByOn", { person: by, date: new Date(at).toLocaleDateString() });
}

function fillTrouble(element: HTMLElement, row: Row, { conflict, refused, languages }: RowContext): void {
  element.querySelector(".or-row__trouble")?.remove();
  if (!conflict && !refused) return;
  const trouble = make("div", "or-row__trouble");
  trouble.setAttribute("role", "group");
  if (refused) {
    trouble.append(make("p", "", say("state.refusedBecause", { reason: refused })));
  } else if (conflict) {
    trouble.setAttribute("aria-label", say("row.twoTexts"));
    const person = conflict.by || say("row.somebody");
    const { theirs } = conflict;
    const what = say(theirs ? "row.changedMeanwhile" : "row.takenOutMeanwhile", { person });
    trouble.append(
      make("strong", "", what),
      ...(theirs ? theirsOf(row, theirs, languages) : []),
      button(say("row.keepMine"), "button button-small", "keepMine"),
      button(
        say(theirs ? "row.takeTheirs" : "row.takeItOut"),
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
      const text = textOf(theirs.sides[language].words) || say("row.noWords");
      const words = make("p", "or-row__theirs", text);
      words.lang = language;
      return words;
    });
  const speaker = theirs.speaker || say("row.noSpeaker");
  const where = `${speaker}, ${shortTime(theirs.start)} – ${shortTime(theirs.end)}`;
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

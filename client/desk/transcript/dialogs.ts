// What opens over the desk: the keys, the speakers, a mask, suggestions for masks, the note of a version.
import { type Cursor, place } from "./cursor";
import type { Desk } from "./desk";
import * as edits from "./edits";
import { KEYS } from "./keys";
import { withMask } from "./model";
import { make, shortTime } from "./row-view";
import { say } from "./texts";

interface Suggestion {
  segment: string;
  language: string;
  words: string[];
  text: string;
  kind: string;
  why: string;
}

/** The dialogs of the transcript desk; each is in the page and only filled here. */
export class Dialogs {
  /** While a mask is chosen: the row, and the words that would be masked. */
  maskRow: string | undefined;
  maskIds: ReadonlySet<string> = new Set();

  constructor(
    private readonly desk: Desk,
    private readonly play: (id: string) => void,
  ) {
    this.target("keys").replaceChildren(
      ...KEYS.map(({ keys, act }) => {
        const row = make("tr");
        const name = make("th");
        name.scope = "row";
        name.append(
          ...keys.split("+").flatMap((key, index) => [...(index ? ["+"] : []), make("kbd", "", key)]),
        );
        row.append(name, make("td", "", say(`key.${act}`)));
        return row;
      }),
    );
  }

  get open(): HTMLDialogElement | undefined {
    return this.desk.root.querySelector<HTMLDialogElement>("dialog[open]") ?? undefined;
  }

  keys(): void {
    const dialog = this.dialog("keysDialog");
    if (dialog.open) dialog.close();
    else void this.ask(dialog);
  }

  async speakers(): Promise<void> {
    const counts = new Map<string, number>();
    for (const { speaker } of this.desk.store.all()) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
    const fields = [...counts].sort().map(([speaker, count]) => {
      const name = speaker || say("speakers.none");
      const label = make("label", "or-dialog__field", say("speakers.count", { speaker: name, count }));
      const input = make("input");
      input.type = "text";
      input.value = speaker;
      input.name = speaker;
      input.maxLength = 200;
      input.setAttribute("list", "or-speakers");
      label.append(input);
      return [speaker, label, input] as const;
    });
    this.target("speakers").replaceChildren(...fields.map(([, label]) => label));
    if ((await this.ask(this.dialog("speakersDialog"))) !== "rename") return;
    const labels = fields.map(
      ([speaker, , input]) => [speaker, input.value.split(/\s+/).filter(Boolean).join(" ")] as const,
    );
    edits.renameSpeakers(this.desk.store, new Map(labels));
  }

  async mask(cursor: Cursor, from: number, to: number): Promise<void> {
    const words = this.desk.store.get(cursor.id)!.sides[cursor.language].words.slice(from, to);
    if (!words.length) return;
    const form = this.target<HTMLFormElement>("maskForm");
    this.target("maskWords").textContent = words.map(({ text }) => text).join(" ");
    const now = words.find(({ mask }) => mask);
    const kind = form.elements.namedItem("mask") as RadioNodeList;
    const reads = form.elements.namedItem("reads") as HTMLInputElement;
    kind.value = now?.mask ?? "profanity";
    reads.value = now?.reads ?? "";
    [this.maskRow, this.maskIds] = [cursor.id, new Set(words.map(({ id }) => id))];
    const answer = await this.ask(this.dialog("maskDialog"));
    [this.maskRow, this.maskIds] = [undefined, new Set()];
    const row = this.desk.store.get(cursor.id);
    if (row && (answer === "mask" || answer === "clear")) {
      const mask = answer === "mask" ? kind.value : null;
      this.desk.store.change([withMask(row, cursor.language, from, to, mask, reads.value.trim())]);
    }
    place(cursor.field, cursor.start, cursor.end);
  }

  async suggestions(): Promise<void> {
    const list = this.target("suggestions");
    list.replaceChildren(make("li", "", say("suggestions.looking")));
    const asked = this.ask(this.dialog("suggestionsDialog"));
    const answer = await fetch(this.desk.settings.suggestions).catch(() => undefined);
    if (!answer?.ok) {
      list.replaceChildren(make("li", "", say("suggestions.offline")));
      return;
    }
    const { suggestions } = (await answer.json()) as { suggestions: Suggestion[] };
    const items = suggestions.map((suggestion) => this.suggestion(suggestion));
    list.replaceChildren(...(items.length ? items : [make("li", "", say("suggestions.nothing"))]));
    list.querySelector("button")?.focus();
    await asked;
  }

  /** The note for a version; undefined when none is to be made. */
  async publish(): Promise<string | undefined> {
    const form = this.target<HTMLFormElement>("publishForm");
    const note = form.elements.namedItem("note") as HTMLInputElement;
    note.value = "";
    return (await this.ask(this.dialog("publishDialog"))) === "publish" ? note.value.trim() : undefined;
  }

  private suggestion({ segment, language, words, text, kind, why }: Suggestion): HTMLElement {
    const item = make("li");
    const row = this.desk.store.get(segment);
    const what = make("span", "", `${shortTime(row?.start ?? 0)} “${text}” (${language}): ${why}`);
    const mask = this.button(say("suggestions.mask", { kind: say(`mask.${kind}`) }), () => {
      const now = this.desk.store.get(segment);
      const at = now?.sides[language].words.findIndex(({ id }) => id === words[0]) ?? -1;
      if (now && at >= 0) this.desk.store.change([withMask(now, language, at, at + words.length, kind, "")]);
      item.replaceChildren(
        what,
        make("strong", "", say(at >= 0 ? "suggestions.masked" : "suggestions.changed")),
      );
    });
    const go = this.button(say("suggestions.goThere"), () => {
      this.open?.close();
      this.desk.land({ id: segment, language, offset: 0 });
    });
    item.append(
      what,
      mask,
      this.button(say("suggestions.play"), () => this.play(segment)),
      go,
    );
    return item;
  }

  private button(text: string, press: () => void): HTMLButtonElement {
    const button = make("button", "button button-small button-secondary", text);
    button.type = "button";
    button.addEventListener("click", press);
    return button;
  }

  /** Open a dialog and wait for the value of the button that closes it. */
  private ask(dialog: HTMLDialogElement): Promise<string> {
    dialog.returnValue = "";
    dialog.showModal();
    dialog.scrollTop = 0; // the button in focus may be at the foot of it
    return new Promise((resolve) =>
      dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }),
    );
  }

  private dialog(name: string): HTMLDialogElement {
    return this.target<HTMLDialogElement>(name);
  }

  private target<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.desk.target<T>(name);
  }
}

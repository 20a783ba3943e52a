// What the screen says about itself: whether everything is saved, who else is here, and what just happened.
import type { Desk } from "./desk";
import { textOf } from "./model";
import { make, shortTime } from "./row-view";
import type { SaveState } from "./saver";
import type { Stash } from "./stash";
import { say } from "./texts";

export class Notices {
  private readonly notice: HTMLElement;
  private readonly stateLine: HTMLElement;
  private readonly people: HTMLElement;

  constructor(desk: Desk) {
    this.notice = desk.target("notice");
    this.stateLine = desk.target("state");
    this.people = desk.target("people");
  }

  /** Say something above the text until it is closed; gives the element, to add to. */
  say(text: string): HTMLElement {
    this.notice.hidden = false;
    const close = make("button", "button button-small button-secondary", say("notice.close"));
    close.type = "button";
    close.addEventListener("click", () => (this.notice.hidden = true));
    this.notice.replaceChildren(make("p", "", text), close);
    return this.notice;
  }

  state(state: SaveState, reason = ""): void {
    this.stateLine.dataset.state = state;
    const text =
      state === "refused" && reason ? say("state.refusedBecause", { reason }) : say(`state.${state}`);
    if (this.stateLine.textContent !== text) this.stateLine.textContent = text;
    if (state === "replaced") this.replaced(reason);
  }

  others(names: readonly string[]): void {
    const others = names.map((name) => name || say("people.yourself")).join(", ");
    this.people.textContent = others ? say("people.also", { names: others }) : "";
  }

  /** An earlier window left rows behind, and they are here again. */
  foundHere(left: Stash): void {
    this.say(say("notice.found", { count: left.rows.length + left.gone.length }));
  }

  /** What an earlier window left was typed for another text. */
  notOfThisText(left: Stash): void {
    const notice = this.say(say("notice.replacedSince"));
    for (const { row } of left.rows)
      for (const side of Object.values(row.sides))
        notice.append(make("p", "", `${shortTime(row.start)} ${textOf(side.words)}`));
  }

  private replaced(reason: string): void {
    const notice = this.say(reason);
    const again = make("button", "button button-small", say("notice.loadNew"));
    again.type = "button";
    again.addEventListener("click", () => location.reload());
    notice.append(again);
  }
}

// Above the columns: which language each is in, and how far its review is.
import type { Desk } from "./desk";
import { make } from "./row-view";
import { say } from "./texts";

/** The heads of the columns, and the speakers known so far. */
export class Heads {
  private readonly heads: HTMLElement;
  private readonly known: HTMLElement;

  constructor(private readonly desk: Desk) {
    this.heads = desk.target("heads");
    this.known = desk.target("known");
  }

  draw(): void {
    const { desk } = this;
    this.heads.replaceChildren(make("span", "or-small", say("heads.time")));
    const translations = desk.sides.filter(({ translation }) => translation);
    for (const [index, language] of desk.shown.entries()) {
      const head = make("div", "or-head");
      head.dataset.head = language;
      if (index === 0) head.append(make("strong", "", say("heads.transcript", { language })));
      else if (translations.length > 1)
        head.append(
          this.chooser(
            translations.map((side) => side.language),
            language,
          ),
        );
      else head.append(make("strong", "", say("heads.translation", { language })));
      const all = make("button", "button button-small button-secondary", say("heads.allReviewed"));
      all.type = "button";
      all.dataset.act = "reviewAll";
      all.dataset.language = language;
      head.append(make("span", "or-small"), all);
      this.heads.append(head);
    }
    this.heads.dataset.sides = desk.target("list").dataset.sides = String(desk.shown.length);
    this.count();
  }

  /** Bring what is counted up to date. */
  count(): void {
    const rows = this.desk.store.all();
    for (const head of this.heads.querySelectorAll<HTMLElement>("[data-head]")) {
      const written = rows
        .map((row) => row.sides[head.dataset.head!])
        .filter((side) => side && side.words.length);
      const reviewed = written.filter(({ state }) => state === "reviewed");
      const machine = written.filter(({ state }) => state === "machine").length;
      const people = [...new Set(reviewed.map(({ by }) => by).filter(Boolean))].join(", ");
      const counts = [say("heads.count", { reviewed: reviewed.length, written: written.length })];
      if (machine) counts.push(say("heads.machine", { count: machine }));
      head.querySelector("span")!.textContent =
        reviewed.length === written.length && people
          ? say("heads.reviewedBy", { people })
          : counts.join(", ");
    }
    this.drawKnown([...new Set(rows.map(({ speaker }) => speaker))].filter(Boolean).sort());
  }

  private drawKnown(names: readonly string[]): void {
    if (this.known.dataset.names === names.join("\n")) return;
    this.known.dataset.names = names.join("\n");
    this.known.replaceChildren(...names.map((name) => new Option(name, name)));
  }

  private chooser(languages: readonly string[], now: string): HTMLElement {
    const { desk } = this;
    const select = make("select");
    select.setAttribute("aria-label", say("heads.chooser"));
    for (const language of languages)
      select.append(new Option(say("heads.translation", { language }), language, false, language === now));
    select.addEventListener("change", () => {
      desk.shown = [desk.shown[0], select.value];
      desk.list.show([]);
      this.draw();
      desk.list.show(desk.store.order);
    });
    return select;
  }
}

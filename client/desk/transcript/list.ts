// A long list of which only what can be seen is in the page.

const ABOVE_AND_BELOW_PX = 600;
const GUESSED_PX = 92;

/** Draws rows of different heights by their ids; `make` gives the element of one. */
export class VirtualList {
  private ids: readonly string[] = [];
  private readonly drawn = new Map<string, HTMLElement>();
  private readonly heights = new Map<string, number>();
  private tops: number[] = [];
  private pinned: string | undefined;
  private waiting = false;
  private readonly measured: ResizeObserver;

  constructor(
    private readonly scroller: HTMLElement,
    private readonly list: HTMLElement,
    private readonly make: (id: string) => HTMLElement,
    private readonly discard: (id: string) => void,
  ) {
    this.measured = new ResizeObserver((entries) =>
      this.measure(entries.map(({ target }) => target as HTMLElement)),
    );
    scroller.addEventListener("scroll", () => this.later(), { passive: true });
    new ResizeObserver(() => this.later()).observe(scroller);
    list.addEventListener("focusin", (event) => (this.pinned = this.idOf(event.target)));
    list.addEventListener("focusout", () => (this.pinned = undefined));
  }

  /** Show these, in this order. */
  show(ids: readonly string[]): void {
    this.ids = ids;
    this.layOut();
    this.draw();
  }

  /** The element of a row, if it is in the page. */
  element(id: string): HTMLElement | undefined {
    return this.drawn.get(id);
  }

  /** Bring a row into view and give its element. */
  reveal(id: string): HTMLElement | undefined {
    const at = this.ids.indexOf(id);
    if (at < 0) return undefined;
    // The second time with the heights of what was drawn the first time.
    for (let time = 0; time < 2; time += 1) {
      const [top, bottom] = [this.tops[at], this.tops[at + 1]];
      const { scrollTop, clientHeight } = this.scroller;
      if (top < scrollTop + 8 || bottom > scrollTop + clientHeight - 8)
        this.scroller.scrollTop = top - Math.max(8, (clientHeight - (bottom - top)) / 3);
      this.draw();
      this.measure([...this.drawn.values()]);
    }
    return this.drawn.get(id);
  }

  private idOf(target: EventTarget | null): string | undefined {
    return (target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row;
  }

  private later(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  private layOut(): void {
    const tops = new Array<number>(this.ids.length + 1);
    tops[0] = 0;
    this.ids.forEach((id, index) => (tops[index + 1] = tops[index] + (this.heights.get(id) ?? GUESSED_PX)));
    this.tops = tops;
    this.list.style.height = `${tops[this.ids.length]}px`;
  }

  private measure(elements: readonly HTMLElement[]): void {
    let moved = 0;
    let changed = false;
    for (const element of elements) {
      const id = element.dataset.row!;
      if (this.drawn.get(id) !== element) continue;
      const height = element.offsetHeight;
      const before = this.heights.get(id) ?? GUESSED_PX;
      if (!height || height === this.heights.get(id)) continue;
      this.heights.set(id, height);
      changed = true;
      // What grows above the view must not push what is read.
      if (this.tops[this.ids.indexOf(id)] + before <= this.scroller.scrollTop) moved += height - before;
    }
    if (!changed) return;
    this.layOut();
    if (moved) this.scroller.scrollTop += moved;
    this.draw();
  }

  private at(offset: number): number {
    let [low, high] = [0, this.ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle + 1] <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private draw(): void {
    const visible = this.visible();
    const wanted = new Set(visible.map((index) => this.ids[index]));
    for (const [id, element] of this.drawn) if (!wanted.has(id)) this.remove(id, element);
    let following = this.list.firstElementChild;
    for (const index of visible) {
      const id = this.ids[index];
      let element = this.drawn.get(id);
      if (!element) {
        element = this.make(id);
        element.dataset.row = id;
        this.drawn.set(id, element);
        this.measured.observe(element);
      }
      if (following === element) following = element.nextElementSibling;
      else this.list.insertBefore(element, following);
      element.style.transform = `translateY(${this.tops[index]}px)`;
      element.setAttribute("aria-posinset", String(index + 1));
      element.setAttribute("aria-setsize", String(this.ids.length));
    }
  }

  /** Numbers of the rows in and around the view, and of the one that is typed in. */
  private visible(): number[] {
    const { scrollTop, clientHeight } = this.scroller;
    const first = this.at(Math.max(0, scrollTop - ABOVE_AND_BELOW_PX));
    const last = Math.min(this.at(scrollTop + clientHeight + ABOVE_AND_BELOW_PX), this.ids.length - 1);
    const visible = Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
    const pinned = this.pinned === undefined ? -1 : this.ids.indexOf(this.pinned);
    if (pinned >= 0 && pinned < first) visible.unshift(pinned);
    if (pinned > last) visible.push(pinned);
    return visible;
  }

  private remove(id: string, element: HTMLElement): void {
    this.drawn.delete(id);
    this.measured.unobserve(element);
    element.remove();
    this.discard(id);
  }
}

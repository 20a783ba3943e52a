const SETTLED_MS = 800;
const LONGEST_MS = 8000;

/**
 * Bring the block of a story that the address names into view, and keep it there until the editor, which is filled in
 * late and grows meanwhile, has its height; whoever scrolls or types takes over.
 */
export function arriveAtBlock(): void {
  if (!location.hash.startsWith("#block-")) return;
  const id = decodeURIComponent(location.hash.slice(1));
  const started = performance.now();
  const hands = new AbortController();
  for (const type of ["wheel", "touchmove", "keydown", "pointerdown"])
    window.addEventListener(type, () => hands.abort(), { passive: true, signal: hands.signal });
  let top = NaN;
  let since = started;
  const look = (now: number): void => {
    const block = document.getElementById(id);
    if (block && block.getBoundingClientRect().top !== top) {
      block.scrollIntoView({ block: "start", behavior: "instant" });
      top = block.getBoundingClientRect().top;
      since = now;
    }
    if (hands.signal.aborted || now - started > LONGEST_MS || (block && now - since > SETTLED_MS))
      hands.abort();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

// Menus that are details elements: closed by Esc, by a press elsewhere, and when their form was sent.

/** Close what opens under buttons as people expect it. */
export function closeMenus(root: HTMLElement): void {
  const close = (except?: Node): boolean => {
    const open = [...root.querySelectorAll<HTMLDetailsElement>("details.or-menu[open]")];
    const closing = open.filter((menu) => !except || !menu.contains(except));
    for (const menu of closing) menu.open = false;
    return closing.length > 0;
  };
  document.addEventListener("pointerdown", (event) => close(event.target as Node));
  root.addEventListener("submit", (event) => {
    if ((event.target as HTMLElement).closest(".or-menu")) setTimeout(() => close());
  });
  document.addEventListener(
    "keydown",
    (event) => {
      const menu = document.activeElement?.closest<HTMLElement>("details.or-menu");
      if (event.key !== "Escape" || !close()) return;
      event.stopImmediatePropagation();
      menu?.querySelector("summary")?.focus();
    },
    { capture: true },
  );
}

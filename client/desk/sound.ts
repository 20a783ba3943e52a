// One sound at a time: whatever starts to play stops the rest.

const moments = new Audio();
moments.preload = "none";
let endsAt = Infinity;
let startsAt = 0;
let stopped: ((heardMs: number) => void) | undefined;

document.addEventListener(
  "play",
  (event) => {
    for (const other of document.querySelectorAll("audio")) {
      if (other !== event.target) other.pause();
    }
    if (event.target !== moments) stopMoment();
  },
  true,
);

moments.addEventListener("timeupdate", () => {
  if (moments.currentTime >= endsAt) stopMoment();
});
for (const name of ["pause", "ended", "error"]) moments.addEventListener(name, () => finish());

function finish(): void {
  const tell = stopped;
  stopped = undefined;
  tell?.(Math.max(0, Math.min(moments.currentTime, endsAt) - startsAt) * 1000);
}

/** Stop the moment that plays, if one does. */
export function stopMoment(): void {
  if (!moments.paused) moments.pause();
  finish();
}

/** Play from start to end of a file; `done` is called when it stops for whatever reason, with how much was heard. */
export async function playMoment(
  address: string,
  startMs: number,
  endMs: number,
  done: (heardMs: number) => void,
): Promise<void> {
  stopMoment();
  for (const other of document.querySelectorAll("audio")) other.pause();
  const file = address.split("#")[0];
  if (new URL(file, location.href).href !== moments.src) moments.src = file;
  stopped = done;
  startsAt = Infinity; // nothing is heard before it plays
  endsAt = endMs / 1000;
  try {
    if (moments.readyState < HTMLMediaElement.HAVE_METADATA) {
      await new Promise<void>((resolve, reject) => {
        moments.addEventListener("loadedmetadata", () => resolve(), { once: true });
        moments.addEventListener("error", () => reject(new Error("unplayable")), { once: true });
        moments.load();
      });
    }
    moments.currentTime = startMs / 1000;
    startsAt = moments.currentTime;
    await moments.play();
  } catch {
    finish();
  }
}

import type { Challenge } from "./challenge.ts";
import { solve } from "./work.ts";

self.addEventListener("message", (event: MessageEvent<Challenge>) => self.postMessage(solve(event.data)));

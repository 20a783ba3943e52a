import type { ControllerConstructor } from "@hotwired/stimulus";

declare global {
  interface Window {
    wagtail: { app: { register(identifier: string, controller: ControllerConstructor): void } };
    StimulusModule: typeof import("@hotwired/stimulus");
  }
}

/** Add a controller to the application that Wagtail has started. */
export function register(identifier: string, controller: ControllerConstructor): void {
  window.wagtail.app.register(identifier, controller);
}

// The desk's additions to Wagtail. Controllers are registered with Wagtail's own Stimulus application:
//   import { Controller } from "@hotwired/stimulus";   // resolves to window.StimulusModule
//   import { register } from "./wagtail";
//   register("w-name", NameController);

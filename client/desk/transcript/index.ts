// The transcript desk, a bundle of its own: only its page loads it.
import { register } from "../wagtail";
import { TranscriptController } from "./screen";

register("or-transcript", TranscriptController);

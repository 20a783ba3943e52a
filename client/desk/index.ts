// The desk's additions to Wagtail. Controllers are registered with Wagtail's own Stimulus application:
// "@hotwired/stimulus" resolves to window.StimulusModule.
import { arriveAtBlock } from "./arrive";
import { FollowController } from "./follow";
import { IntakeController } from "./intake";
import { MomentController } from "./moment";
import { QuotationsController } from "./quotations";
import { RefreshController } from "./refresh";
import { register } from "./wagtail";
import { WaveformController } from "./waveform";

register("or-follow", FollowController);
register("or-intake", IntakeController);
register("or-moment", MomentController);
register("or-quotations", QuotationsController);
register("or-refresh", RefreshController);
register("or-waveform", WaveformController);

arriveAtBlock();

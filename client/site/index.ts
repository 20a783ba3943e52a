import { Application } from "@hotwired/stimulus";
import CardController from "./card.ts";
import CommentsController from "./comments.ts";
import CorrectionController from "./correction.ts";
import DrawerController from "./drawer.ts";
import FollowController from "./follow.ts";
import PlayerController from "./player.ts";
import SendController from "./send.ts";
import WaitingController from "./waiting.ts";

const application = Application.start();
application.register("card", CardController);
application.register("comments", CommentsController);
application.register("correction", CorrectionController);
application.register("drawer", DrawerController);
application.register("follow", FollowController);
application.register("player", PlayerController);
application.register("send", SendController);
application.register("waiting", WaitingController);

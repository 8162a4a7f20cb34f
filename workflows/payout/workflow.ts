import type { AnnouncementEnd, PayoutActivities } from "@mgm/activities/contract";
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  log,
  patched,
  proxyActivities,
  setHandler,
} from "@temporalio/workflow";
import { quietly } from "../quietly.ts";
import { untilMs } from "../until.ts";
import { PayoutEntity } from "./entity.ts";
import { readAcceptanceMessage, readConfirmationMessage, readStatusMessage } from "./inputs.ts";
import {
  acceptSignal,
  acceptUpdate,
  changeStatusSignal,
  changeStatusUpdate,
  confirmMailSignal,
  confirmMailUpdate,
  lookSignal,
  type PayoutInput,
  type PayoutResult,
} from "./messages.ts";

/*
 * One payout, from the moment when it is owed to its end.
 *
 * It waits for messages (status, acceptance, mail confirmation) until it is Sent, Failed or Cancelled, at the latest a
 * slack after `expiresAt`; cancelling the workflow cancels the payout. Once Sent, the chat is told, at most once.
 * Every such end is a completed execution: failed ones are defects.
 */

const ANNOUNCE_WITHIN_MS = 5 * 60_000;

/** Payouts that began without it replay as they ran: side by side, and not waiting for answers to be given. */
const ORDERLY = "messages-in-turn";

/* What operators read in the forms of the Web UI. */
const CHANGE_STATUS = 'End the payout unpaid: {"status":"Failed"} or {"status":"Cancelled"}';
const ACCEPT = 'The winner agreed in the game: {"characterName":"Норинн"}, the name as it was drawn';
const CONFIRM_MAIL = "The mail was sent: {}. The payout becomes Sent and the chat is told";

/** One payout; see the map above. */
export async function payout(input: PayoutInput): Promise<PayoutResult> {
  const isOrderly = patched(ORDERLY);
  const entity = new PayoutEntity(input, isOrderly);
  const changeStatus = (input: unknown) => entity.changeStatus(readStatusMessage(input));
  const accept = (input: unknown) => entity.accept(readAcceptanceMessage(input));
  const confirmMail = (input: unknown) => entity.confirmMail(readConfirmationMessage(input));
  setHandler(changeStatusUpdate, changeStatus, {
    description: CHANGE_STATUS,
    validator: (input) => entity.validateStatus(readStatusMessage(input)),
  });
  setHandler(acceptUpdate, accept, {
    description: ACCEPT,
    validator: (input) => entity.validateAcceptance(readAcceptanceMessage(input)),
  });
  setHandler(confirmMailUpdate, confirmMail, {
    description: CONFIRM_MAIL,
    validator: (input) => void readConfirmationMessage(input),
  });
  setHandler(changeStatusSignal, (input) => quietly("changeStatus", () => changeStatus(input)), {
    description: CHANGE_STATUS,
  });
  setHandler(acceptSignal, (input) => quietly("accept", () => accept(input)), { description: ACCEPT });
  setHandler(confirmMailSignal, (input) => quietly("confirmMail", () => confirmMail(input)), {
    description: CONFIRM_MAIL,
  });
  setHandler(lookSignal, () => quietly("look", () => entity.look()), {
    description: "Read the payout's row again; takes no input, changes nothing by itself",
  });
  entity.tellOperators();

  if (input.mailConfirmation !== null && entity.isActive) await entity.confirmMail(input.mailConfirmation);
  try {
    const expireAt = input.expiresAt + input.timings.slackMs;
    // Answers first: a command between them would come in another order when the history is replayed.
    const isOver = () => !entity.isActive && (!isOrderly || allHandlersFinished());
    await condition(isOver, untilMs(expireAt), { summary: "until it expires" });
    // A confirmation that is recorded by now makes this a Sent instead.
    if (entity.isActive) await quietly("expire", () => changeStatus({ status: "Expired", cause: "server" }));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await quietly("cancel", () => changeStatus({ status: "Cancelled", cause: "operator" }));
  }
  return await CancellationScope.nonCancellable(async () => {
    if (isOrderly) await condition(allHandlersFinished);
    const announcement = entity.snapshot.status === "Sent" ? await announce(entity) : null;
    if (announcement !== null) entity.tellAnnouncement(announcement);
    await condition(allHandlersFinished);
    return { status: entity.snapshot.status, announcement };
  });
}

async function announce(entity: PayoutEntity): Promise<AnnouncementEnd> {
  const { broadcasterId, payoutId, characterName } = entity.snapshot;
  const { announcePayout } = proxyActivities<PayoutActivities>({
    startToCloseTimeout: "10s",
    scheduleToCloseTimeout: untilMs((entity.sentAt ?? Date.now()) + ANNOUNCE_WITHIN_MS),
    retry: { initialInterval: "500ms", backoffCoefficient: 2, maximumInterval: "5s" },
    summary: "tell the chat",
  });
  try {
    return await announcePayout({ broadcasterId, payoutId, characterName });
  } catch (error) {
    // The gold is on its way whatever the chat says.
    log.warn("the announcement failed", { payoutId, error });
    return "failed";
  }
}

import type { GiftEvent } from "@mgm/domain/gift";
import { setHandler } from "@temporalio/workflow";
import { quietly } from "../quietly.ts";
import type { GiftEntity } from "./entity.ts";
import { type Origin, readConfirmation, readFailure, readSelection, readSent } from "./inputs.ts";
import {
  confirmSignal,
  confirmUpdate,
  failSignal,
  failUpdate,
  lookSignal,
  lookUpdate,
  selectItemSignal,
  selectItemUpdate,
  sentSignal,
  sentUpdate,
} from "./messages.ts";

/** Lets a request hear what the API and operators tell it. */
export function listen(entity: GiftEntity): void {
  const { timings } = entity.snapshot;
  const handlers = {
    selectItem: handlerOf(entity, readSelection, ({ item, desktopId, receivedAt: at }) => ({
      type: "itemSelected",
      item,
      desktopId,
      at,
      timings,
    })),
    confirm: handlerOf(entity, readConfirmation, ({ confirmed, receivedAt: at }) => ({
      type: "answered",
      agreed: confirmed,
      at,
    })),
    fail: handlerOf(entity, readFailure, ({ reason }) => ({ type: "failed", reason })),
    sent: handlerOf(entity, readSent, ({ receivedAt: at }) => ({ type: "sent", at })),
  };
  const update = (name: keyof typeof handlers) => ({
    description: DESCRIPTIONS[name],
    validator: handlers[name].validate,
  });
  setHandler(selectItemUpdate, handlers.selectItem.handle, update("selectItem"));
  setHandler(confirmUpdate, handlers.confirm.handle, update("confirm"));
  setHandler(failUpdate, handlers.fail.handle, update("fail"));
  setHandler(sentUpdate, handlers.sent.handle, update("sent"));
  setHandler(lookUpdate, () => entity.look(), { description: LOOK });
  const signal =
    (name: keyof typeof handlers) =>
    (input: unknown): Promise<void> =>
      quietly(name, () => handlers[name].handle(input));
  setHandler(selectItemSignal, signal("selectItem"), { description: DESCRIPTIONS.selectItem });
  setHandler(confirmSignal, signal("confirm"), { description: DESCRIPTIONS.confirm });
  setHandler(failSignal, signal("fail"), { description: DESCRIPTIONS.fail });
  setHandler(sentSignal, signal("sent"), { description: DESCRIPTIONS.sent });
  setHandler(lookSignal, () => quietly("look", () => entity.look()), { description: LOOK });
}

/** What operators read in the forms of the Web UI. */
const DESCRIPTIONS = {
  selectItem: 'The desktop drew a stack: {"item":{…}} with the item\'s seven fields',
  confirm: 'The viewer answered in the game: {"confirmed":true} or {"confirmed":false}',
  fail: 'End the request: {"reason":"ended_by_operator"}',
  sent: "The item's mail was sent: {}. The request is Completed",
} as const;
const LOOK = "Read the request's row again; takes no input, changes nothing by itself";

function handlerOf<Message extends Origin>(
  entity: GiftEntity,
  read: (input: unknown) => Message,
  eventOf: (message: Message) => GiftEvent,
) {
  return {
    // Only the form: what the rules say depends on the row, which no validator can look at.
    validate: (input: unknown) => void read(input),
    handle: async (input: unknown) => {
      const message = read(input);
      return await entity.apply(eventOf(message), message);
    },
  };
}

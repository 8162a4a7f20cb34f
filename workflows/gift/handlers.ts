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
  const describe = (name: keyof typeof handlers, description: string) => ({
    description,
    validator: handlers[name].validate,
  });
  setHandler(
    selectItemUpdate,
    handlers.selectItem.handle,
    describe("selectItem", "The desktop drew a stack; takes the item's seven fields"),
  );
  setHandler(
    confirmUpdate,
    handlers.confirm.handle,
    describe("confirm", 'The viewer answered, for example {"confirmed":true}'),
  );
  setHandler(
    failUpdate,
    handlers.fail.handle,
    describe("fail", 'End the request, for example {"reason":"ended_by_operator"}'),
  );
  setHandler(sentUpdate, handlers.sent.handle, describe("sent", "The item's mail was sent; {} is enough"));
  setHandler(lookUpdate, () => entity.look(), { description: "Read the row again" });
  setHandler(selectItemSignal, (input) => quietly("selectItem", () => handlers.selectItem.handle(input)));
  setHandler(confirmSignal, (input) => quietly("confirm", () => handlers.confirm.handle(input)));
  setHandler(failSignal, (input) => quietly("fail", () => handlers.fail.handle(input)));
  setHandler(sentSignal, (input) => quietly("sent", () => handlers.sent.handle(input)));
  setHandler(lookSignal, () => quietly("look", () => entity.look()));
}

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

import type { ActionResult, DesktopAction } from "../../wire/protocol.ts";
import type { Desktop } from "../desktop.ts";
import { dismissAlert, retryAlert } from "./alert-actions.ts";
import { measureLog, pickWindow, sayHello, takeOver, testWhisper } from "./game-actions.ts";
import { answerQuestion, changePayouts, failGift, sendAgain, settlePayout, sync } from "./payout-actions.ts";
import { done } from "./results.ts";
import { checkUpdate, listFolders, saveApiKey, saveSettings, testConnection, testGameFolder } from "./setup-actions.ts";

/** Does what a window asks for. Rejects only when the store or the settings cannot be written. */
export async function act(desktop: Desktop, action: DesktopAction): Promise<ActionResult> {
  try {
    return await carryOut(desktop, action);
  } finally {
    desktop.feed.changed();
  }
}

async function carryOut(desktop: Desktop, action: DesktopAction): Promise<ActionResult> {
  switch (action.kind) {
    case "refresh":
      desktop.bridge?.refresh();
      return done();
    case "sync":
      return await sync(desktop);
    case "say_hello":
      return sayHello(desktop);
    case "take_over":
      return takeOver(desktop);
    case "check_update":
      return await checkUpdate(desktop);
    case "change_payouts":
      return await changePayouts(desktop, action);
    case "settle_payout":
      return await settlePayout(desktop, action);
    case "fail_gift":
      return await failGift(desktop, action);
    case "answer_question":
      return await answerQuestion(desktop, action);
    case "send_again":
      return await sendAgain(desktop, action);
    case "retry_alert":
      return await retryAlert(desktop, action);
    case "dismiss_alert":
      return dismissAlert(desktop, action);
    case "clear_events":
      desktop.events.clear();
      return done();
    case "save_settings":
      return await saveSettings(desktop, action);
    case "save_api_key":
      return await saveApiKey(desktop, action);
    case "test_connection":
      return await testConnection(desktop, action);
    case "test_game_folder":
      return await testGameFolder(desktop, action);
    case "list_folder":
      return await listFolders(desktop, action);
    case "measure_log":
      return await measureLog(desktop);
    case "test_whisper":
      return await testWhisper(desktop);
    case "pick_window":
      return await pickWindow(desktop, action);
    default:
      return action satisfies never;
  }
}

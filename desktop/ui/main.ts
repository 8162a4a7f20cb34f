import Alpine from "@alpinejs/csp";
import { attention, forgeries } from "./attention/attention.ts";
import { giftDrum } from "./drum/gift-drum.ts";
import { folderPicker } from "./folders/folder-picker.ts";
import { drawnGift, gifts } from "./gifts/gifts.ts";
import { BridgeLink } from "./link/bridge-link.ts";
import { chooseTransport } from "./link/choose-transport.ts";
import { linkNotice } from "./link/link-notice.ts";
import { eventLog } from "./log/log.ts";
import { saveText } from "./log/save-text.ts";
import { confirmDialog } from "./page/confirm-dialog.ts";
import { connectDesk, createDesk } from "./page/desk.ts";
import { addDirectives } from "./page/directives.ts";
import { watchForSounds } from "./page/sounds.ts";
import { queue } from "./queue/queue.ts";
import { sync } from "./queue/sync.ts";
import { connectionForm } from "./settings/connection-form.ts";
import { gameForm } from "./settings/game-form.ts";
import { settings } from "./settings/settings.ts";
import { setup } from "./setup/setup.ts";
import { spin } from "./spin/spin.ts";
import { followChoices } from "./theme/theme.ts";
import { topBar } from "./top-bar/top-bar.ts";

/*
 * The window. index.html says what is where, each folder holds one part: its markup, its factory, its rules. All of them
 * read one store, the desk, and ask the bridge through it.
 */

const transport = await chooseTransport(location);
const link = transport === null ? null : new BridgeLink(transport);

Alpine.store("desk", createDesk(link));
const desk = Alpine.store<ReturnType<typeof createDesk>>("desk");

addDirectives(Alpine, desk);
Alpine.data("topBar", () => topBar(desk));
Alpine.data("linkNotice", () => linkNotice(desk));
Alpine.data("queue", () => queue(desk, Alpine.effect));
Alpine.data("sync", () => sync(desk));
Alpine.data("spin", () => spin(desk));
Alpine.data("attention", () => attention(desk, Alpine.effect));
Alpine.data("forgeries", () => forgeries(desk));
Alpine.data("gifts", () => gifts(desk));
Alpine.data("giftDrum", () => giftDrum(desk, () => drawnGift(desk)));
Alpine.data("eventLog", () => eventLog(desk, (name, text) => saveText(link, name, text)));
Alpine.data("settings", () => settings(desk));
Alpine.data("connectionForm", () => connectionForm(desk));
Alpine.data("gameForm", () => gameForm(desk));
Alpine.data("folderPicker", (start: string) => folderPicker(desk, start));
Alpine.data("setup", () => setup(desk));
Alpine.data("confirmDialog", () => confirmDialog(desk));

followChoices(Alpine, desk);
watchForSounds(Alpine, desk);
Alpine.start();
if (link !== null) connectDesk(desk, link);

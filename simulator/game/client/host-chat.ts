import type { HostFunctions } from "../vm/lua-state.ts";
import { addChatMessage, type Client, languageOf } from "./client.ts";

/** Chat out, chat windows, channels, and the log's switch. */
export function chatFunctions(client: Client): HostFunctions {
  const { world, log, records, state } = client;
  return {
    send_chat: (text, kind, target) => {
      world.sendChat({
        kind: String(kind),
        text: String(text),
        target: target === undefined ? undefined : String(target),
      });
    },
    // Raised by the client itself: no server, no limit, at once.
    send_system: (text) => {
      addChatMessage(client, { kind: "SYSTEM", text: String(text) });
    },
    send_addon: (prefix, text, kind, target) => {
      const sender = world.streamer.name;
      if (kind !== "WHISPER" || world.find(String(target)) !== world.streamer) return;
      world.send(() => world.toClient((link) => link.addonMessage(String(prefix), String(text), "WHISPER", sender)));
    },
    logging: (on) => {
      if (on !== undefined) log.toggle(on === true);
      return log.isOn;
    },
    chat_window: (window, text) => {
      records.chatWindows.push({ window: String(window), text: String(text) });
    },
    window_group: (id, group, on) => {
      const key = `${id}:${group}`;
      if (on === true) state.windowGroups.add(key);
      else state.windowGroups.delete(key);
    },
    language: () => languageOf(client),
    channel: (which) => {
      const { channels } = world.chat;
      const byNumber = Number(which);
      const index = Number.isNaN(byNumber) ? channels.indexOf(String(which)) : byNumber - 1;
      const name = channels[index];
      return name === undefined ? [0, undefined] : [index + 1, name];
    },
    channel_list: () => world.chat.channels.flatMap((name, index) => [index + 1, name]),
    join_channel: (name) => {
      world.send(() => world.chat.join(String(name)));
      return 0;
    },
    leave_channel: (name) => {
      world.send(() => world.chat.leave(String(name)));
    },
  };
}

import { openWin32Window, pumpMessages } from "../../../simulator/game/window/win32-window.external.ts";
import type { GameWindow } from "../../../simulator/game/window/window-key.ts";
import { serveTest } from "./line-port.ts";

/* Runs in Node for Windows: opens windows on demand and tells which keys reached which. */

const port = Number(process.argv[2]);
const windows = new Map<string, GameWindow>();

const { tell } = serveTest(port, {
  open: (name: string, className: string, title: string) => {
    windows.set(name, openWin32Window({ className, title, onKey: (key) => tell({ window: name, key }) }));
    return process.pid;
  },
  toFront: (name: string) => windows.get(name)?.toFront(),
  close: (name: string) => windows.get(name)?.close(),
});
setInterval(pumpMessages, 4);

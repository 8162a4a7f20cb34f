import {
  openWin32Window,
  pumpMessages,
  tapIdleKey,
  type Win32Window,
} from "../../../simulator/game/window/win32-window.external.ts";
import { serveTest } from "./line-port.ts";

/* Runs in Node for Windows: opens windows that are not open yet and tells which keys reached them. */

const PUMP_MS = 4;

const port = Number(process.argv[2]);
const windows = new Map<string, Win32Window>();

const { tell } = serveTest(port, {
  open: (name: string, className: string, title: string) => {
    if (!windows.has(name)) windows.set(name, openWin32Window({ className, title, onKey: (key) => tell({ key }) }));
  },
  toFront: (name: string) => windows.get(name)?.toFront(),
  isInFront: (name: string) => windows.get(name)?.isInFront() ?? false,
  close: (name: string) => {
    windows.get(name)?.close();
    windows.delete(name);
  },
  tapKey: tapIdleKey,
  processId: () => process.pid,
});
setInterval(pumpMessages, PUMP_MS);

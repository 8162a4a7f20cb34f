import koffi from "koffi";
import type { GameWindow, WindowKey } from "./window-key.ts";

/*
 * A window of Windows as the client has it: an ANSI one, its class named after the renderer, fed by the thread's message
 * queue. Key messages become keys, WM_CHAR from the blank on becomes text, as in the client. Runs in Node for Windows.
 */

const WM_KEYDOWN = 0x100;
const WM_CHAR = 0x102;
const WS_OVERLAPPEDWINDOW = 0xcf0000;
const WS_VISIBLE = 0x10000000;
const CW_USEDEFAULT = -2147483648;
const PM_REMOVE = 1;
const FIRST_TEXT = 0x20;
const VK_F13 = 0x7c;
const KEYEVENTF_KEYUP = 2;

const MAPVK_VSC_TO_VK = 1;

const KEYS: Readonly<Record<number, WindowKey>> = {
  8: { key: "BACKSPACE" },
  9: { key: "TAB" },
  13: { key: "ENTER" },
  27: { key: "ESCAPE" },
};

const user32 = koffi.load("user32.dll");
const kernel32 = koffi.load("kernel32.dll");
const onMessage = koffi.proto("__stdcall", "SimOnMessage", "intptr_t", [
  "uintptr_t",
  "uint32",
  "uintptr_t",
  "intptr_t",
]);
const windowClass = koffi.struct("SimWindowClass", {
  cbSize: "uint32",
  style: "uint32",
  lpfnWndProc: koffi.pointer(onMessage),
  cbClsExtra: "int",
  cbWndExtra: "int",
  hInstance: "uintptr_t",
  hIcon: "uintptr_t",
  hCursor: "uintptr_t",
  hbrBackground: "uintptr_t",
  lpszMenuName: "uintptr_t",
  lpszClassName: "str",
  hIconSm: "uintptr_t",
});
const moduleHandle = kernel32.func("__stdcall", "GetModuleHandleA", "uintptr_t", ["uintptr_t"]);
const registerClass = user32.func("__stdcall", "RegisterClassExA", "uint16", [koffi.pointer(windowClass)]);
const createWindow = user32.func("__stdcall", "CreateWindowExA", "uintptr_t", [
  ...["uint32", "str", "str", "uint32", "int", "int", "int", "int", "uintptr_t", "uintptr_t", "uintptr_t", "uintptr_t"],
]);
const defaultHandling = user32.func("__stdcall", "DefWindowProcA", "intptr_t", [
  ...["uintptr_t", "uint32", "uintptr_t", "intptr_t"],
]);
const peekMessage = user32.func("__stdcall", "PeekMessageA", "int", [
  "void *",
  "uintptr_t",
  "uint32",
  "uint32",
  "uint32",
]);
const mapVirtualKey = user32.func("__stdcall", "MapVirtualKeyA", "uint32", ["uint32", "uint32"]);
const translateMessage = user32.func("__stdcall", "TranslateMessage", "int", ["void *"]);
const dispatchMessage = user32.func("__stdcall", "DispatchMessageA", "intptr_t", ["void *"]);
const setForegroundWindow = user32.func("__stdcall", "SetForegroundWindow", "int", ["uintptr_t"]);
const getForegroundWindow = user32.func("__stdcall", "GetForegroundWindow", "uintptr_t", []);
const keyEvent = user32.func("__stdcall", "keybd_event", "void", ["uint8", "uint8", "uint32", "uintptr_t"]);
const destroyWindow = user32.func("__stdcall", "DestroyWindow", "int", ["uintptr_t"]);

/** How a window is called. */
export interface Win32WindowOptions {
  readonly className: string;
  readonly title: string;
  readonly onKey: (key: WindowKey) => void;
}

/** A window of this program. */
export interface Win32Window extends GameWindow {
  isInFront(): boolean;
}

const receivers = new Map<number, (key: WindowKey) => void>();
const classes = new Set<string>();
let hasKey = false;

const handling = koffi.register((window: number, message: number, wParam: number, lParam: number): number => {
  const code = Number(wParam);
  const onKey = receivers.get(Number(window));
  if (message === WM_KEYDOWN) {
    // Wine 8 leaves the key out of what SendInput sent by its scan code, as robotjs does; Windows fills it in.
    const pressed = KEYS[code === 0 ? mapVirtualKey((Number(lParam) >> 16) & 0xff, MAPVK_VSC_TO_VK) : code];
    // The character of a key follows it; one that was posted by itself follows nothing.
    hasKey = pressed === undefined;
    if (pressed !== undefined) onKey?.(pressed);
  } else if (message === WM_CHAR && code >= FIRST_TEXT) {
    const character = String.fromCharCode(code);
    onKey?.(hasKey ? { character } : { character, hasNoKey: true });
    hasKey = false;
  }
  return defaultHandling(window, message, wParam, lParam);
}, koffi.pointer(onMessage));

/** Opens a window in this thread. */
export function openWin32Window({ className, title, onKey }: Win32WindowOptions): Win32Window {
  const instance = Number(moduleHandle(0));
  if (!classes.has(className)) registerClassNamed(className, instance);
  const style = WS_OVERLAPPEDWINDOW + WS_VISIBLE;
  const place = [CW_USEDEFAULT, CW_USEDEFAULT, 400, 300];
  const window = Number(createWindow(0, className, title, style, ...place, 0, 0, instance, 0));
  if (window === 0) throw new Error(`no window of class ${className}`);
  receivers.set(window, onKey);
  return {
    handle: window,
    toFront: () => void setForegroundWindow(window),
    isInFront: () => Number(getForegroundWindow()) === window,
    close: () => {
      receivers.delete(window);
      destroyWindow(window);
    },
  };
}

/** Presses a key that does nothing and lets it go, as the person would. */
export function tapIdleKey(): void {
  keyEvent(VK_F13, 0, 0, 0);
  keyEvent(VK_F13, 0, KEYEVENTF_KEYUP, 0);
}

function registerClassNamed(className: string, instance: number): void {
  registerClass({
    cbSize: koffi.sizeof(windowClass),
    style: 0,
    lpfnWndProc: handling,
    cbClsExtra: 0,
    cbWndExtra: 0,
    hInstance: instance,
    hIcon: 0,
    hCursor: 0,
    hbrBackground: 0,
    lpszMenuName: 0,
    lpszClassName: className,
    hIconSm: 0,
  });
  classes.add(className);
}

/** Handles what waits in this thread's message queue; to be called again and again. */
export function pumpMessages(): void {
  const message = Buffer.alloc(64);
  while (peekMessage(message, 0, 0, 0, PM_REMOVE) !== 0) {
    translateMessage(message);
    dispatchMessage(message);
  }
}

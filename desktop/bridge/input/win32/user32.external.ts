/*
 * The functions of Windows that we call, as its headers declare them. Handles are numbers here: a handle of a window
 * has 32 significant bits on every Windows.
 */

/** The last input's time, in milliseconds since the system started, modulo 2^32. */
interface LastInputInfo {
  cbSize: number;
  dwTime: number;
}

/** 100 nanoseconds since 1601, in two halves. */
interface FileTime {
  dwLowDateTime: number;
  dwHighDateTime: number;
}

/** What `loadWindows` loads. */
export interface Win32 {
  /** Handles of all windows at the top, front to back. */
  topWindows(): readonly number[];
  className(handle: number): string;
  title(handle: number): string;
  isVisible(handle: number): boolean;
  isMinimised(handle: number): boolean;
  restore(handle: number): void;
  processIdOf(handle: number): number;
  /** Unix milliseconds; null when the process is gone or keeps itself shut. */
  processStartedAt(processId: number): number | null;
  foreground(): number;
  setForeground(handle: number): boolean;
  /** 0, or the system's error number. */
  post(handle: number, message: number, wParam: number, lParam: number): number;
  /** Milliseconds since the last input. */
  idleMs(): number;
  isDown(virtualKey: number): boolean;
}

const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
const SW_RESTORE = 9;
const LONGEST_TEXT = 256;
/** Between 1601 and 1970, in milliseconds. */
const FILE_TIME_EPOCH_MS = 11_644_473_600_000;

/**
 * Loads the system's libraries. Only when asked for: koffi is a native module that needs to be there on Windows only.
 *
 * @throws where koffi or a function cannot be loaded
 */
export async function loadWindows(): Promise<Win32> {
  const { default: koffi } = await import("koffi");
  const user32 = koffi.load("user32.dll");
  const kernel32 = koffi.load("kernel32.dll");
  const lastInputInfo = koffi.struct({ cbSize: "uint32", dwTime: "uint32" });
  const fileTime = koffi.struct({ dwLowDateTime: "uint32", dwHighDateTime: "uint32" });
  const onWindow = koffi.proto("__stdcall", "MgmOnWindow", "int", ["uintptr_t", "intptr_t"]);
  const user = declare(user32);
  const kernel = declare(kernel32);

  const enumWindows = user("EnumWindows", "int", [koffi.pointer(onWindow), "intptr_t"]);
  const getClassName = user("GetClassNameW", "int", ["uintptr_t", "void *", "int"]);
  const getWindowText = user("GetWindowTextW", "int", ["uintptr_t", "void *", "int"]);
  const isWindowVisible = user("IsWindowVisible", "int", ["uintptr_t"]);
  const isIconic = user("IsIconic", "int", ["uintptr_t"]);
  const showWindow = user("ShowWindow", "int", ["uintptr_t", "int"]);
  const getThreadProcessId = user("GetWindowThreadProcessId", "uint32", ["uintptr_t", "void *"]);
  const getForegroundWindow = user("GetForegroundWindow", "uintptr_t", []);
  const setForegroundWindow = user("SetForegroundWindow", "int", ["uintptr_t"]);
  const postMessage = user("PostMessageW", "int", ["uintptr_t", "uint32", "uintptr_t", "intptr_t"]);
  const getLastInputInfo = user("GetLastInputInfo", "int", [koffi.inout(koffi.pointer(lastInputInfo))]);
  const getAsyncKeyState = user("GetAsyncKeyState", "int16", ["int"]);
  const getLastError = kernel("GetLastError", "uint32", []);
  const getTickCount = kernel("GetTickCount", "uint32", []);
  const openProcess = kernel("OpenProcess", "uintptr_t", ["uint32", "int", "uint32"]);
  const closeHandle = kernel("CloseHandle", "int", ["uintptr_t"]);
  const times = Array.from({ length: 4 }, () => koffi.out(koffi.pointer(fileTime)));
  const getProcessTimes = kernel("GetProcessTimes", "int", ["uintptr_t", ...times]);

  const text = (read: (handle: number, into: Buffer, length: number) => number, handle: number) => {
    const into = Buffer.alloc(2 * LONGEST_TEXT);
    return into.toString("utf16le", 0, 2 * read(handle, into, LONGEST_TEXT));
  };

  return {
    topWindows: () => {
      const handles: number[] = [];
      enumWindows((handle: number) => {
        handles.push(Number(handle));
        return 1;
      }, 0);
      return handles;
    },
    className: (handle) => text(getClassName, handle),
    title: (handle) => text(getWindowText, handle),
    isVisible: (handle) => isWindowVisible(handle) !== 0,
    isMinimised: (handle) => isIconic(handle) !== 0,
    restore: (handle) => void showWindow(handle, SW_RESTORE),
    processIdOf: (handle) => {
      const into = Buffer.alloc(4);
      getThreadProcessId(handle, into);
      return into.readUInt32LE(0);
    },
    processStartedAt: (processId) => {
      const handle = Number(openProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, processId));
      if (handle === 0) return null;
      const created: Partial<FileTime> = {};
      const isKnown = getProcessTimes(handle, created, {}, {}, {}) !== 0;
      closeHandle(handle);
      const { dwLowDateTime = 0, dwHighDateTime = 0 } = created;
      return isKnown ? Math.round((dwHighDateTime * 2 ** 32 + dwLowDateTime) / 10_000) - FILE_TIME_EPOCH_MS : null;
    },
    foreground: () => Number(getForegroundWindow()),
    setForeground: (handle) => setForegroundWindow(handle) !== 0,
    post: (handle, message, wParam, lParam) =>
      postMessage(handle, message, wParam, lParam) !== 0 ? 0 : getLastError(),
    idleMs: () => {
      const info: LastInputInfo = { cbSize: koffi.sizeof(lastInputInfo), dwTime: 0 };
      if (getLastInputInfo(info) === 0) throw new Error("GetLastInputInfo failed");
      return (getTickCount() - info.dwTime) >>> 0;
    },
    isDown: (virtualKey) => (getAsyncKeyState(virtualKey) & 0x8000) !== 0,
  };
}

type Koffi = typeof import("koffi");
type Declared = ReturnType<Koffi["proto"]> | ReturnType<Koffi["out"]> | string;

function declare(library: ReturnType<Koffi["load"]>) {
  return (name: string, result: string, parameters: Declared[]) => library.func("__stdcall", name, result, parameters);
}

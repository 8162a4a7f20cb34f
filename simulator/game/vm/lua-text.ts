/*
 * Lua strings are bytes, JavaScript strings are not. Here bytes that are valid UTF-8 become ordinary text, and every
 * other byte becomes one lone surrogate U+DC80..U+DCFF (Python calls it surrogateescape): nothing is lost on the way
 * there and back, and a name in Cyrillic can be read in the debugger.
 */

const ESCAPE_BASE = 0xdc00;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The bytes of a text; lone surrogates that `decodeBytes` made become their bytes again. */
export function encodeText(text: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(text)) return Buffer.from(text, "utf8");
  const parts: Buffer[] = [];
  let plain = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= ESCAPE_BASE + 0x80 && code <= ESCAPE_BASE + 0xff) {
      parts.push(Buffer.from(plain, "utf8"), Buffer.of(code - ESCAPE_BASE));
      plain = "";
    } else plain += character;
  }
  parts.push(Buffer.from(plain, "utf8"));
  return Buffer.concat(parts);
}

/** The text of some bytes, without loss: `encodeText` gives the same bytes back. */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return decodePiecewise(bytes);
  }
}

/** How many bytes the client counts in this text. */
export function byteLength(text: string): number {
  return encodeText(text).length;
}

/** The first `limit` bytes of a text, a character cut in two if it happens to lie there. */
export function cutBytes(text: string, limit: number): string {
  const bytes = encodeText(text);
  return bytes.length <= limit ? text : decodeBytes(bytes.subarray(0, limit));
}

/** Whether the text holds bytes that are not UTF-8. */
export function hasBrokenBytes(text: string): boolean {
  return /[\udc80-\udcff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""));
}

function decodePiecewise(bytes: Uint8Array): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      text += String.fromCharCode(ESCAPE_BASE + (bytes[at] ?? 0));
      at += 1;
    } else {
      text += decoder.decode(bytes.subarray(at, at + length));
      at += length;
    }
  }
  return text;
}

/** The length of the valid UTF-8 sequence at this place, 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : 4;
  if ((first >= 0x80 && first < 0xc2) || first >= 0xf5 || at + length > bytes.length) return 0;
  try {
    decoder.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

/** A log line split after its timestamp and the two spaces; null when it does not begin with them. No year is logged. */
export function splitLogLine(line: string): { readonly timestamp: string; readonly body: string } | null {
  const [, timestamp, body] = LOG_LINE.exec(line) ?? [];
  return timestamp === undefined || body === undefined ? null : { timestamp, body };
}

const LOG_LINE = /^(\d{1,2}\/\d{1,2} \d{2}:\d{2}:\d{2}\.\d{3}) {2}(.*)$/s;

/**
 * Whether `prefix` is what the client writes before a whisper from `character`. The log has the bare name; the square
 * brackets of the chat window are allowed for. A format that does not hold `%s` once matches nothing.
 */
export function isWhisperPrefix(prefix: string, whisperFormat: string, character: string): boolean {
  const [before, after, more] = whisperFormat.split("%s");
  if (before === undefined || after === undefined || more !== undefined || character === "") return false;
  return prefix === `${before}${character}${after}` || prefix === `${before}[${character}]${after}`;
}

/**
 * Whether `prefix` is what an English or Russian client writes before a whisper that the streamer sends. The Russian one
 * inflects the name, so whose it is cannot be told; it need not be, since these are the streamer's own words.
 */
export function isOutgoingPrefix(prefix: string): boolean {
  return /^(?:To|Вы шепчете) \S+: $/.test(prefix);
}

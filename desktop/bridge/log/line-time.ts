import { splitLogLine } from "@mgm/domain/chat-line/place";

const TIMESTAMP = /^(\d{1,2})\/(\d{1,2}) (\d{2}):(\d{2}):(\d{2})\.(\d{3})$/;
/** A clock that was put back, or a line that is flushed while we read it, must not fall into the year before. */
const TOLERANCE_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
/** What the client's clock may be ahead of ours. */
const AHEAD_MS = 2_000;

/**
 * When a line was written, in Unix milliseconds; null when it has no timestamp. The log has local time without a year:
 * the latest year is taken in which the line is not of the future, and of an hour that comes twice, when summer time ends,
 * the second one as soon as it has come.
 */
export function lineTime(text: string, now: number): number | null {
  const parts = TIMESTAMP.exec(splitLogLine(text)?.timestamp ?? "");
  if (parts === null) return null;
  const [month = 1, day = 1, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = parts.slice(1).map(Number);
  const at = (year: number) => new Date(year, month - 1, day, hours, minutes, seconds, milliseconds).getTime();
  const year = new Date(now).getFullYear();
  // From next year down: shortly before midnight of New Year's Eve the client's clock may be ahead.
  const time = [year + 1, year].map(at).find((candidate) => candidate <= now + TOLERANCE_MS);
  return ofSecondPass(time ?? at(year - 1), now);
}

function ofSecondPass(first: number, now: number): number {
  const second = first + HOUR_MS;
  const isTwice = new Date(first).getHours() === new Date(second).getHours();
  return isTwice && second <= now + AHEAD_MS ? second : first;
}

import { fill, type Language, type Texts } from "./texts.ts";

/** Whole minutes and seconds, counted up so that 0:00 is the moment itself: `3:42`. */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `1,000` or «1000»: Russian groups from five digits on. */
export function count(language: Language, amount: number): string {
  return new Intl.NumberFormat(language).format(amount);
}

/** A length of time in its largest fitting unit: `5 minutes`, «15 секунд». */
export function duration(language: Language, seconds: number): string {
  const isMinutes = seconds >= 60 && seconds % 60 === 0;
  const unit = isMinutes ? "minute" : "second";
  const amount = isMinutes ? seconds / 60 : Math.round(seconds);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(amount);
}

/** About how long something takes, in whole minutes. */
export function roughly(language: Language, seconds: number): string {
  return duration(language, Math.max(1, Math.round(seconds / 60)) * 60);
}

/** A time near today in the viewer's own time zone; `now` is the server's. */
export function moment(texts: Texts, language: Language, time: number, now: number): string {
  const days = dayOf(time) - dayOf(now);
  const clock: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options).format(time);
  if (days === 0) return fill(texts.when.today, { time: format(clock) });
  if (days === 1) return fill(texts.when.tomorrow, { time: format(clock) });
  return format({ day: "numeric", month: "long", ...clock });
}

function dayOf(time: number): number {
  const date = new Date(time);
  return Math.round(new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime() / 86_400_000);
}

import type { Language } from "./texts.ts";

/** How long ago something was: «5 минут назад». */
export function ago(language: Language, ms: number): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return format.format(-Math.round(ms / 1000), "second");
  if (minutes < 60) return format.format(-minutes, "minute");
  const hours = Math.round(minutes / 60);
  return hours < 48 ? format.format(-hours, "hour") : format.format(-Math.round(hours / 24), "day");
}

/** The time of day in the viewer's own time zone. */
export function timeOfDay(language: Language, time: number): string {
  return new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(time);
}

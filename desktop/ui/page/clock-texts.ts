import type { Language } from "../texts/language.ts";

/** A span as minutes and seconds (`3:42`), hours before them where there are any; never below nothing. */
export function countdown(spanMs: number): string {
  const seconds = Math.max(0, Math.ceil(spanMs / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(rest).padStart(2, "0")}`;
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}

/** How old something is, in the largest unit that fits. */
export function age(spanMs: number, language: Language): string {
  const minutes = Math.max(0, Math.floor(spanMs / 60_000));
  const [amount, unit] =
    minutes < 60
      ? [minutes, "minute"]
      : minutes < 1440
        ? [Math.floor(minutes / 60), "hour"]
        : [Math.floor(minutes / 1440), "day"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(amount);
}

/** The time of day to the second. */
export function timeOfDay(at: number, language: Language): string {
  return new Date(at).toLocaleTimeString(language, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  });
}

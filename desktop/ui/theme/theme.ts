import type Alpine from "@alpinejs/csp";
import type { Desk } from "../page/desk.ts";

/** Keeps the page's language and colours at what the streamer chose; the system decides where nothing was chosen. */
export function followChoices(alpine: typeof Alpine, desk: Desk): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = desk.state?.settings.theme ?? "system";
    const root = document.documentElement;
    root.dataset.theme = chosen === "system" ? (system.matches ? "dark" : "light") : chosen;
    root.lang = desk.language;
  };
  system.addEventListener("change", apply);
  alpine.effect(apply);
}

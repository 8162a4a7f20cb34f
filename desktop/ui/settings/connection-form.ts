import type { Desk } from "../page/desk.ts";
import { codeSentence, type Sentence, type TextKey } from "../texts/texts.ts";

/** Address and key of the server, tried before they are kept. In the settings and in the set-up. */
export function connectionForm(desk: Desk) {
  const { settings } = desk.state ?? {};
  return {
    apiUrl: settings?.apiUrl ?? "",
    /** Empty: the key that is kept. It is never shown. */
    apiKey: "",
    isBusy: false,
    isGood: false,
    outcome: null as Sentence | null,

    get keyHint(): TextKey {
      const storage = desk.state?.setup.apiKeyStorage ?? null;
      return storage === null ? "field.api_key.none" : `field.api_key.kept.${storage}`;
    },
    get canTest(): boolean {
      const hasKey = this.apiKey !== "" || desk.state?.setup.hasApiKey === true;
      return !this.isBusy && desk.isOpen && this.apiUrl !== "" && hasKey;
    },
    change() {
      this.isGood = false;
      this.outcome = null;
    },
    async test() {
      if (!this.canTest) return;
      this.isBusy = true;
      this.outcome = { key: "test.working" };
      const apiKey = this.apiKey === "" ? null : this.apiKey;
      const result = await desk.ask({ kind: "test_connection", apiUrl: this.apiUrl, apiKey });
      this.isBusy = false;
      if (!result.ok) this.outcome = codeSentence(result.code, result.details);
      else if (result.data?.kind === "connection") {
        const { version, latencyMs, isKeyGood } = result.data;
        this.isGood = isKeyGood;
        this.outcome = isKeyGood
          ? { key: "test.connection.ok", values: { version, latency: latencyMs } }
          : { key: "test.connection.bad_key" };
      }
    },
    /** Keeps both; false when the bridge does not take them, and says why. */
    async save(): Promise<boolean> {
      const saved = await desk.save({ apiUrl: this.apiUrl });
      const result =
        saved.ok && this.apiKey !== "" ? await desk.ask({ kind: "save_api_key", apiKey: this.apiKey }) : saved;
      if (result.ok) this.apiKey = "";
      else this.outcome = codeSentence(result.code, result.details);
      return result.ok;
    },
  };
}

import { z } from "zod";
import type { AskMessage, DesktopAction } from "../../wire/protocol.ts";
import { settingsPatch } from "../settings/settings.ts";

/* What a window may ask, checked field by field: a window is a program like any other that holds the token. */

const MOST_PAYOUTS = 500;

const id = z.guid();
const folder = z
  .string()
  .max(4_096)
  .refine((path) => !path.includes("\0"));
const bare = <Kind extends DesktopAction["kind"]>(kind: Kind) => z.strictObject({ kind: z.literal(kind) });

const actionShape = z.discriminatedUnion("kind", [
  bare("refresh"),
  bare("sync"),
  bare("say_hello"),
  bare("take_over"),
  bare("check_update"),
  z.strictObject({
    kind: z.literal("change_payouts"),
    ids: z.array(id).min(1).max(MOST_PAYOUTS),
    change: z.enum(["mark_sent", "mark_failed", "cancel", "unlock"]),
  }),
  z.strictObject({ kind: z.literal("settle_payout"), id, note: z.string().trim().min(1).max(500) }),
  z.strictObject({ kind: z.literal("fail_gift"), id }),
  z.strictObject({ kind: z.literal("answer_question"), id, answer: z.enum(["sent", "not_sent"]) }),
  z.strictObject({ kind: z.literal("send_again"), factNumber: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal("retry_alert"), id: z.string().max(4_096) }),
  z.strictObject({ kind: z.literal("dismiss_alert"), id: z.string().max(4_096) }),
  bare("clear_events"),
  z.strictObject({ kind: z.literal("save_settings"), settings: settingsPatch }),
  z.strictObject({ kind: z.literal("save_api_key"), apiKey: apiKey() }),
  z.strictObject({
    kind: z.literal("test_connection"),
    apiUrl: settingsPatch.shape.apiUrl.unwrap(),
    apiKey: apiKey().nullable(),
  }),
  z.strictObject({ kind: z.literal("test_game_folder"), gameFolder: folder, logPath: folder }),
  z.strictObject({ kind: z.literal("list_folder"), path: folder }),
  bare("measure_log"),
  bare("test_whisper"),
  z.strictObject({ kind: z.literal("pick_window"), windowId: z.string().min(1).max(256) }),
]);

/** What can be put into a header, which is where it goes. */
function apiKey() {
  return z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,512}$/);
}

/** A message whose action is checked on its own, so that a wrong one can be answered by its number. */
export const askShape = z.object({
  type: z.literal("ask"),
  number: z.number().int().min(0),
  action: z.unknown().optional(),
}) satisfies z.ZodType<Omit<AskMessage, "action">>;

/** The action that a window asks for; null when it is none. */
export function readAction(value: unknown): DesktopAction | null {
  const { success, data } = actionShape.safeParse(value);
  return success ? (data as DesktopAction) : null;
}

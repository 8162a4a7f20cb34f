import * as z from "zod";

/** Answer to a token request. */
export const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().nullish() });

/** Answer to Send Chat Message. The drop codes are not documented and change, so any string will do. */
export const chatSendAnswer = z.object({
  data: z
    .array(
      z.object({
        message_id: z.string(),
        is_sent: z.boolean(),
        drop_reason: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
      }),
    )
    .min(1),
});

/** Answer to Get Users. */
export const usersAnswer = z.object({ data: z.array(z.object({ id: z.string(), display_name: z.string() })) });

/** Answer to Get Broadcaster Subscriptions; who does not subscribe is left out. */
export const subscriptionsAnswer = z.object({ data: z.array(z.object({ user_id: z.string() })) });

/** An error of Helix or of the identity server. */
export const errorAnswer = z.object({ message: z.string() });

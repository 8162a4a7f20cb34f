import type { ApiDependencies } from "./dependencies.ts";
import { ApiError } from "./errors.ts";

/** Refuses viewers of whom Twitch does not say that they subscribe; never a silent yes. */
export async function requireSubscriber(
  deps: Pick<ApiDependencies, "skipSubscriberCheck" | "isSubscriber">,
  viewer: Parameters<ApiDependencies["isSubscriber"]>[0],
): Promise<void> {
  if (deps.skipSubscriberCheck) return;
  const answer = await deps.isSubscriber(viewer);
  if (answer === "unavailable") throw new ApiError("temporarily_unavailable");
  if (answer !== "yes") throw new ApiError("not_subscriber");
}

import type { Hello } from "@mgm/domain/chat-line/payload";
import type { Tag } from "@mgm/domain/chat-line/tag";
import type { CandidateDto, GiftRequestDetailsDto, LeaseDto, PayoutDetailsDto } from "@mgm/domain/wire";
import type { CommandSight } from "./commands/command-queue.ts";
import type { ApiAnswer } from "./http/api-answer.ts";
import type { VersionDto } from "./http/api-client.ts";

/** What a bridge sees and does while it runs, told to whoever shows it. Nothing of the bridge depends on who listens. */
export type Sight =
  /** Any answer of the API, or that there was none. */
  | { readonly kind: "answer"; readonly answer: ApiAnswer<unknown> }
  | { readonly kind: "beat"; readonly lease: LeaseDto }
  | { readonly kind: "payouts"; readonly payouts: readonly PayoutDetailsDto[] }
  | { readonly kind: "gifts"; readonly gifts: readonly GiftRequestDetailsDto[] }
  | { readonly kind: "candidate"; readonly candidate: CandidateDto | null }
  | { readonly kind: "version"; readonly version: VersionDto }
  | { readonly kind: "hello"; readonly hello: Hello }
  | { readonly kind: "tag"; readonly tag: Tag }
  /** A line of the log that is no tag. */
  | { readonly kind: "talk"; readonly text: string }
  | { readonly kind: "command"; readonly command: CommandSight }
  /** A second has passed: what time alone changes may look different. */
  | { readonly kind: "tick" };

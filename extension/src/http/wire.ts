import type { GiftRequestDto, PayoutDetailsDto } from "@mgm/domain/wire";

/** GET /api/version, as far as the extension looks at it. */
export interface VersionDto {
  readonly version: string;
  readonly minimumAddonVersion: string;
  readonly minimumDesktopVersion: string;
  readonly minimumExtensionVersion: string;
}

/** GET /api/broadcaster/dashboard. */
export interface DashboardDto {
  readonly spins: readonly {
    readonly spinCycleId: string;
    readonly spunAt: string;
    readonly outcome: string | null;
    readonly characterName: string | null;
    readonly payoutId: string | null;
  }[];
  readonly payouts: readonly PayoutDetailsDto[];
  readonly giftQueue: readonly GiftRequestDto[];
  readonly eventSub: { readonly status: string; readonly since: string | null };
  readonly missingGrants: readonly string[];
  readonly desktop: {
    readonly seenAt: string | null;
    readonly versions: { readonly desktop: string | null; readonly addon: string | null };
    readonly character: string | null;
    readonly realm: string | null;
    readonly gameFound: boolean | null;
    readonly transport: string | null;
  } | null;
  readonly paused: boolean;
}

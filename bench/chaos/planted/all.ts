import { ANNOUNCEMENT_FAULTS } from "./announcements.ts";
import { DRAW_FAULTS } from "./draws.ts";
import { ENROLMENT_FAULTS } from "./enrolments.ts";
import { GIFT_FAULTS } from "./gifts.ts";
import { GOLD_FAULTS } from "./gold.ts";
import { PAYOUT_FAULTS } from "./payouts.ts";
import type { PlantedFault } from "./plant.ts";
import { WORKFLOW_FAULTS } from "./workflows.ts";

/** All of them. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  ...ENROLMENT_FAULTS,
  ...PAYOUT_FAULTS,
  ...GOLD_FAULTS,
  ...ANNOUNCEMENT_FAULTS,
  ...DRAW_FAULTS,
  ...GIFT_FAULTS,
  ...WORKFLOW_FAULTS,
];

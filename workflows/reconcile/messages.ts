/** Which channel's rows and workflows to bring together. */
export interface ReconcileInput {
  readonly broadcasterId: string;
  /** Rows younger than this are left alone; the activity knows the usual value. */
  readonly settleAfterMs?: number;
}

/** Name of the workflow. */
export const RECONCILE_WORKFLOW = "reconcile";

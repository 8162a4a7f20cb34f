import { isGrpcServiceError, WorkflowNotFoundError } from "@temporalio/client";

const NOT_FOUND = 5;

/** Whether Temporal says that it does not have what was asked for; some of the client's calls say it in gRPC's words. */
export function isNotFound(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === NOT_FOUND);
}

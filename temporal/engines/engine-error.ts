/** What went wrong with an engine (PostgreSQL or Temporal) that this machine was asked to run. */
export type EngineErrorCode =
  | "port_taken"
  | "already_running"
  | "start_failed"
  | "start_timeout"
  | "stop_timeout"
  | "data_folder_unusable"
  | "no_ordinary_user"
  | "binaries_unusable"
  | "temporal_cli_unusable"
  | "temporal_not_found"
  | "temporal_build_failed"
  | "go_not_found"
  | "go_build_failed"
  | "search_attribute_conflict"
  | "search_attributes_not_allowed"
  | "search_attributes_timeout";

/** An engine could not be found, started or stopped; callers decide by `code`, people read the message. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  /** The port in question, with `port_taken` only. */
  readonly port: number | null;

  constructor(code: EngineErrorCode, message: string, details: { port?: number; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.port = details.port ?? null;
  }
}

/** A start that cannot be: people read the message, which says what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** Retrying repeats it: the job fails at once and waits for a person. */
export class PermanentError extends Error {
  override name = "PermanentError";
}

/** The world is not ready. The job waits at least `delayMs` of real time and loses no attempt. */
export class RetryLaterError extends Error {
  override name = "RetryLaterError";
  readonly delayMs: number;

  constructor(message: string, delayMs: number, options?: ErrorOptions) {
    super(message, options);
    this.delayMs = delayMs;
  }
}

/** The caller gave something that cannot be used; the sentence says what to change. Exit code 2, HTTP 400. */
export class UsageError extends Error {
  override name = "UsageError";
}

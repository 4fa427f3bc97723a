import type { IncomingMessage } from "node:http";

/** What the double answers: `after` in seconds becomes `retry-after`. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly after?: number;
}

export interface Mail {
  readonly to?: string | readonly string[];
  readonly from?: string;
  readonly tags?: readonly { name: string; value: string }[];
}

export function errorAnswer(statusCode: number, name: string, after?: number): Answer {
  const body = JSON.stringify({ statusCode, name, message: `double says ${name}` });
  return { status: statusCode, body, ...(after === undefined ? {} : { after }) };
}

/** What Resend refuses before it looks at keys. */
export function refusalOf(request: IncomingMessage, mails: readonly Mail[]): Answer | undefined {
  if (request.method !== "POST") return errorAnswer(405, "method_not_allowed");
  if (request.url !== "/emails/batch" && request.url !== "/emails") return errorAnswer(404, "not_found");
  const token = headerOf(request, "authorization");
  if (token === "") return errorAnswer(401, "missing_api_key");
  if (token === "Bearer re_wrong") return errorAnswer(403, "invalid_api_key");
  if (mails.length > 100) return errorAnswer(422, "validation_error");
  if (mails.some((mail) => mail.from?.includes("@unverified.example")))
    return errorAnswer(403, "validation_error");
  return undefined;
}

/** The answer to a whole request, and who gets mail by it; in strict validation one bad address refuses all. */
export function acceptance(
  request: IncomingMessage,
  mails: readonly Mail[],
  nextId: () => string,
): { readonly answer: Answer; readonly went: readonly string[] } {
  const errors = mails.flatMap((mail, index) =>
    recipientsOf(mail).every(isAddress) ? [] : [{ index, message: "Invalid `to` field." }],
  );
  const single = request.url === "/emails";
  if (errors.length > 0 && (single || headerOf(request, "x-batch-validation") !== "permissive")) {
    return { answer: errorAnswer(422, "validation_error"), went: [] };
  }
  const good = mails.filter((_, index) => !errors.some((one) => one.index === index));
  const ids = good.map(() => ({ id: nextId() }));
  const body = single ? ids[0] : { data: ids, ...(errors.length > 0 ? { errors } : {}) };
  return { answer: { status: 200, body: JSON.stringify(body) }, went: good.flatMap(recipientsOf) };
}

/** An answer that nothing was accepted for, or undefined where the fault lets the request through. */
export function faultAnswer(fault: string): Answer | "reset" | "hang" | undefined {
  const [kind = "", detail, name = "application_error"] = fault.split(":");
  switch (kind) {
    case "429":
      return errorAnswer(429, "rate_limit_exceeded", Number(detail ?? 1));
    case "quota-daily":
      return errorAnswer(429, "daily_quota_exceeded");
    case "quota-monthly":
      return errorAnswer(429, "monthly_quota_exceeded");
    case "500":
      return errorAnswer(500, "internal_server_error");
    case "502":
    case "503":
      return { status: Number(kind), body: "<html><body>Bad gateway</body></html>" };
    case "garbage":
      return { status: 200, body: "<html><body>Welcome to the hotel network</body></html>" };
    case "empty":
      return { status: 200, body: '{"data":[]}' };
    case "null":
      return { status: 200, body: "null" };
    case "error":
      return errorAnswer(Number(detail), name);
    case "reset":
    case "hang":
      return kind;
    default:
      return undefined;
  }
}

/** What the client sees although the request was accepted. */
export function answerAfter(fault: string, answer: Answer): Answer | "reset" | "hang" {
  switch (fault) {
    case "accept-reset":
      return "reset";
    case "accept-hang":
      return "hang";
    case "accept-500":
      return errorAnswer(500, "application_error");
    case "accept-garbage":
      return { status: 200, body: "<html>" };
    default:
      if (fault !== "ok" && !fault.startsWith("slow:")) throw new RangeError(`no such fault: ${fault}`);
      return answer;
  }
}

export function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

export function mailsOf(bytes: Buffer): readonly Mail[] {
  try {
    const body: Mail | Mail[] = JSON.parse(bytes.toString());
    return Array.isArray(body) ? body : [body];
  } catch {
    return [];
  }
}

export function recipientsOf(mail: Mail): readonly string[] {
  return typeof mail.to === "string" ? [mail.to] : (mail.to ?? []);
}

/** `refused@…` stands for an address that Resend does not take. */
function isAddress(text: string): boolean {
  return /^[^@\s]+@[^@\s]+$/.test(text) && !text.startsWith("refused@");
}

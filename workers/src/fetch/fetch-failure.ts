import { BadEncodingError, TooLargeError } from "./decode-body.ts";
import type { Failed, FailureCause, Refused } from "./fetch-outcome.ts";
import { ForbiddenAddressError } from "./pinned-agent.ts";

/** Turns what a request ended with into an outcome; undefined for an error that is a defect of ours. */
export function failureOf(error: unknown, url: URL, maxBytes: number): Failed | Refused | undefined {
  const host = url.host;
  for (const cause of causesOf(error)) {
    if (cause instanceof ForbiddenAddressError) {
      return { kind: "refused", reason: "address", sentence: cause.message };
    }
    if (cause instanceof TooLargeError) return tooLarge(host, maxBytes);
    if (cause instanceof BadEncodingError) {
      return failed("protocol", `The answer of ${host} cannot be read: ${cause.message}.`);
    }
    const code = codeOf(cause);
    const known = code === undefined ? undefined : (KNOWN[code] ?? byPattern(code));
    if (known !== undefined) {
      const [failure, sentence, unreachable] = known;
      return failed(failure, sentence.replace("%", host), unreachable);
    }
  }
  return undefined;
}

export function tooLarge(host: string, maxBytes: number): Refused {
  const megabytes = Math.round((maxBytes / 1_000_000) * 10) / 10;
  return {
    kind: "refused",
    reason: "too-large",
    sentence: `The answer of ${host} is larger than ${megabytes} MB when decompressed; ask for a smaller page of it.`,
  };
}

export function failed(cause: FailureCause, sentence: string, unreachable = false): Failed {
  return { kind: "failed", cause, sentence, unreachable, networkDown: false };
}

type Known = readonly [cause: FailureCause, sentence: string, unreachable: boolean];

const KNOWN: Readonly<Record<string, Known>> = {
  ENOTFOUND: ["dns", "There is no host named %; check the address.", true],
  ENODATA: ["dns", "There is no address for %; check the address.", true],
  EAI_AGAIN: ["dns", "The name % could not be looked up just now; the name server did not answer.", true],
  EAI_FAIL: ["dns", "The name % could not be looked up; the name server failed.", true],
  EAI_NODATA: ["dns", "There is no address for %; check the address.", true],
  ECONNREFUSED: ["connect", "% refuses connections; the server is down or the port is wrong.", true],
  ENETUNREACH: ["connect", "There is no route to %; this machine's network may be down.", true],
  ENETDOWN: ["connect", "This machine's network is down.", true],
  EHOSTUNREACH: ["connect", "There is no route to %.", true],
  EHOSTDOWN: ["connect", "There is no route to %.", true],
  EADDRNOTAVAIL: ["connect", "This machine has no address left to reach % from.", true],
  ETIMEDOUT: ["timeout", "% did not answer the connection in time.", true],
  UND_ERR_CONNECT_TIMEOUT: ["timeout", "% did not accept the connection in time.", true],
  UND_ERR_HEADERS_TIMEOUT: ["timeout", "% accepted the request and then did not answer in time.", false],
  UND_ERR_BODY_TIMEOUT: ["timeout", "% stopped in the middle of its answer.", false],
  TotalTimeout: ["timeout", "% did not finish its answer in time.", false],
  ECONNRESET: ["protocol", "% cut the connection.", false],
  EPIPE: ["protocol", "% cut the connection.", false],
  UND_ERR_SOCKET: ["protocol", "% cut the connection before its answer was complete.", false],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: [
    "protocol",
    "The answer of % is shorter or longer than announced.",
    false,
  ],
  UND_ERR_HEADERS_OVERFLOW: ["protocol", "The headers of % are too large.", false],
};

function byPattern(code: string): Known | undefined {
  if (/^HPE|^UND_ERR_RES/.test(code)) return ["protocol", "The answer of % is no valid HTTP.", false];
  if (/CERT|^ERR_TLS|^ERR_SSL|^EPROTO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|CRL_/.test(code)) {
    return ["tls", `The certificate or encryption of % cannot be trusted (${code}).`, false];
  }
  // What a process lacks itself is not the host's doing.
  if (/^E[A-Z]+$/.test(code) && !["EMFILE", "ENFILE", "ENOMEM", "EINVAL"].includes(code)) {
    return ["connect", `The connection to % failed (${code}).`, true];
  }
  return undefined;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === "TimeoutError") return "TotalTimeout";
  return typeof code === "string" ? code : name === "HTTPParserError" ? "HPE" : undefined;
}

/** The error, what it was caused by, and the attempts of a connection to several addresses. */
function causesOf(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let at = error; at instanceof Error && found.length < 8; at = at.cause) {
    found.push(at);
    if (at instanceof AggregateError) found.push(...at.errors);
  }
  return found;
}

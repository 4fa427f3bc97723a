import { isIP } from "node:net";
import { UsageError } from "@paperwire/core/errors.ts";
import ipaddr from "ipaddr.js";

/** Private places that sources added by the operator may reach (`FETCH_ALLOW_PRIVATE`). */
export interface AllowList {
  readonly networks: readonly { readonly address: Address; readonly bits: number; readonly port?: number }[];
  readonly hosts: readonly { readonly host: string; readonly port?: number }[];
}

/** Who named an address decides what it may reach: the allow list is for the operator's own sources only. */
export interface Reach {
  readonly trusted: boolean;
  readonly allowPrivate: AllowList;
}

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

export const nothingPrivate: AllowList = { networks: [], hosts: [] };

/**
 * Why an address may not be connected to, as a noun phrase ("a private address"); undefined when it may.
 * Anything that is not an IP address in its usual form is refused. An IPv4 address carried inside an IPv6
 * one (mapped, NAT64 64:ff9b::/96) is judged as the IPv4 address it leads to.
 */
export function addressProblem(
  address: string,
  reach: Reach,
  to: { readonly host?: string; readonly port?: number } = {},
): string | undefined {
  const parsed = parseAddress(address);
  if (parsed === undefined) return "no IP address";
  const problem = whyNotPublic(parsed);
  if (problem === undefined || (reach.trusted && allows(reach.allowPrivate, parsed, to))) return undefined;
  return problem;
}

/** True for addresses that anybody on the internet can reach. */
export function isPublicAddress(address: string): boolean {
  return addressProblem(address, { trusted: false, allowPrivate: nothingPrivate }) === undefined;
}

/**
 * Why a URL may not be asked, before any name is looked up: a sentence, or undefined. Expects WHATWG
 * parsing (`new URL`), which has already folded decimal, octal and hexadecimal IPv4 forms, backslashes,
 * full-width digits and percent-encoded hosts into the one form that is then connected to.
 * Strangers' addresses may use ports 80 and 443 only and carry no user name.
 */
export function urlProblem(url: URL, reach: Reach): string | undefined {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return `Only http and https addresses are fetched, and this one begins with ${url.protocol.slice(0, 20)}.`;
  }
  const port = portOf(url);
  if (!reach.trusted && (url.username !== "" || url.password !== "")) {
    return "The address carries a user name or password, which is accepted only for sources that the operator adds.";
  }
  if (!reach.trusted && port !== 80 && port !== 443) {
    return `The address asks for port ${port}; only ports 80 and 443 are fetched unless the operator adds the source.`;
  }
  const host = hostOf(url);
  if (host === "") return "The address names no host.";
  if (isIP(host) === 0) return undefined;
  const problem = addressProblem(host, reach, { host, port });
  return problem === undefined ? undefined : addressSentence(host, host, problem, reach.trusted);
}

/** What a person reads when an address is refused. */
export function addressSentence(host: string, address: string, problem: string, trusted: boolean): string {
  const what = host === address ? `${host} is ${problem}` : `${host} leads to ${address}, ${problem}`;
  return trusted
    ? `${what}. Only public addresses are fetched; if it is yours, name it in FETCH_ALLOW_PRIVATE.`
    : `${what}. Only public addresses are fetched.`;
}

/**
 * Reads `FETCH_ALLOW_PRIVATE`: addresses, CIDR networks and host names, separated by commas or spaces, each
 * with an optional `:port` (`10.0.0.0/8, 192.168.1.5:8080, [fd00::1]:80, intranet.example`).
 * @throws UsageError naming the first entry that cannot be read.
 */
export function parseAllowList(text: string): AllowList {
  const networks: AllowList["networks"][number][] = [];
  const hosts: AllowList["hosts"][number][] = [];
  for (const entry of text.split(/[\s,;]+/)) {
    if (entry === "") continue;
    const network = parseNetwork(entry);
    if (network !== undefined) {
      networks.push(network);
      continue;
    }
    const [, host, port] = /^([a-z0-9_][a-z0-9_.-]*?)\.?(?::(\d{1,5}))?$/i.exec(entry) ?? [];
    if (host === undefined || /^[\d.]+$/.test(host) || Number(port ?? 1) > 65_535) {
      throw new UsageError(
        `FETCH_ALLOW_PRIVATE has ${JSON.stringify(entry.slice(0, 60))}, which is no address, network or host name; write it as 10.0.0.0/8, 192.168.1.5:8080 or intranet.example.`,
      );
    }
    hosts.push({ host: host.toLowerCase(), ...(port === undefined ? {} : { port: Number(port) }) });
  }
  return { networks, hosts };
}

/**
 * Is an address that a payload names (a next page, a feed found on a page) still the operator's? Only on the
 * host that the operator named; anywhere else it is a stranger's.
 */
export function isTrusted(url: string, source: { readonly url: string; readonly trusted: boolean }): boolean {
  if (!source.trusted || !URL.canParse(url) || !URL.canParse(source.url)) return false;
  return new URL(url).hostname === new URL(source.url).hostname;
}

/** The host to connect to: no brackets, no trailing dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

export function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}

/** Was the address let through by the allow list rather than by being public? */
export function isAllowedPrivate(
  address: string,
  reach: Reach,
  to: { host?: string; port?: number },
): boolean {
  return !isPublicAddress(address) && addressProblem(address, reach, to) === undefined;
}

function allows(list: AllowList, address: Address, to: { host?: string; port?: number }): boolean {
  return (
    list.networks.some((it) => matchesPort(it.port, to.port) && isWithin(address, it.address, it.bits)) ||
    namesHost(list, to)
  );
}

/** Does the allow list name the host itself, whatever address it leads to? */
export function namesHost(list: AllowList, to: { host?: string; port?: number }): boolean {
  const host = to.host?.toLowerCase();
  return list.hosts.some((it) => matchesPort(it.port, to.port) && it.host === host);
}

function matchesPort(wanted: number | undefined, port: number | undefined): boolean {
  return wanted === undefined || wanted === port;
}

/** Unwraps the IPv6 forms that lead to an IPv4 host, so that both are judged by one rule. */
function parseAddress(text: string): Address | undefined {
  const plain = text.replace(/%.*$/, "");
  if (isIP(plain) === 0) return undefined;
  if (isIP(plain) === 4) return ipaddr.parse(plain);
  // The URL parser's spelling is hexadecimal throughout: ipaddr.js takes `::8.8.8.8` for a mapped address.
  const v6 = ipaddr.parse(new URL(`http://[${plain}]/`).hostname.slice(1, -1)) as ipaddr.IPv6;
  if (v6.isIPv4MappedAddress()) return v6.toIPv4Address();
  if (isWithin(v6, NAT64, 96)) return new ipaddr.IPv4(v6.toByteArray().slice(12));
  return v6;
}

const NAT64 = ipaddr.parse("64:ff9b::");

function parseNetwork(entry: string): AllowList["networks"][number] | undefined {
  const [, bracketed, plain, bits, port] =
    /^(?:\[([^\]]+)\]|([0-9a-f:.]+?))(?:\/(\d{1,3}))?(?::(\d{1,5}))?$/i.exec(entry) ?? [];
  const whole = isIP(entry) !== 0 ? entry : (bracketed ?? plain);
  if (whole === undefined || isIP(whole) === 0) return undefined;
  const address = parseAddress(whole);
  if (address === undefined) return undefined;
  const most = address.kind() === "ipv4" ? 32 : 128;
  const length = isIP(entry) !== 0 || bits === undefined ? most : Number(bits);
  if (length > most || Number(port ?? 1) > 65_535) return undefined;
  return {
    address,
    bits: length,
    ...(isIP(entry) !== 0 || port === undefined ? {} : { port: Number(port) }),
  };
}

function isWithin(address: Address, network: Address, bits: number): boolean {
  return address.kind() === network.kind() && (address as ipaddr.IPv6).match(network as ipaddr.IPv6, bits);
}

/**
 * IANA's special-purpose registries (RFC 6890 and its updates). IPv6 is closed by default: only global
 * unicast (2000::/3) outside the special blocks is public.
 */
function whyNotPublic(address: Address): string | undefined {
  const table = address.kind() === "ipv4" ? SPECIAL_V4 : SPECIAL_V6;
  const found = table.find(([network, bits]) => isWithin(address, network, bits));
  if (found !== undefined) return found[2];
  return address.kind() === "ipv4" || isWithin(address, GLOBAL_UNICAST, 3) ? undefined : "a reserved address";
}

const GLOBAL_UNICAST = ipaddr.parse("2000::");

type Special = readonly [network: Address, bits: number, what: string];

const SPECIAL_V4 = specials({
  "0.0.0.0/8": "an unspecified address",
  "10.0.0.0/8": "a private address",
  "100.64.0.0/10": "an address of a provider's own network (RFC 6598)",
  "127.0.0.0/8": "a loopback address",
  "168.63.129.16/32": "a cloud platform's internal address",
  "169.254.0.0/16": "a link-local address",
  "172.16.0.0/12": "a private address",
  "192.0.0.0/24": "a reserved address",
  "192.0.2.0/24": "a documentation address",
  "192.52.193.0/24": "a tunnel address",
  "192.88.99.0/24": "a tunnel address",
  "192.168.0.0/16": "a private address",
  "198.18.0.0/15": "a benchmarking address",
  "198.51.100.0/24": "a documentation address",
  "203.0.113.0/24": "a documentation address",
  "224.0.0.0/4": "a multicast address",
  "240.0.0.0/4": "a reserved address",
});

const SPECIAL_V6 = specials({
  "::/128": "an unspecified address",
  "::1/128": "a loopback address",
  "::/96": "an IPv4-compatible address",
  "::ffff:0:0:0/96": "a translated address",
  "64:ff9b:1::/48": "a local translation address (RFC 8215)",
  "2001::/32": "a tunnel address (Teredo)",
  "2001::/23": "a reserved address",
  "2001:db8::/32": "a documentation address",
  "2002::/16": "a tunnel address (6to4)",
  "2620:4f:8000::/48": "a reserved address",
  "3ffe::/16": "a reserved address",
  "3fff::/20": "a documentation address",
  "fc00::/7": "a private address (unique local)",
  "fe80::/10": "a link-local address",
  "fec0::/10": "a private address (site-local)",
  "ff00::/8": "a multicast address",
});

function specials(table: Readonly<Record<string, string>>): readonly Special[] {
  return Object.entries(table).map(([cidr, what]) => [...ipaddr.parseCIDR(cidr), what] as const);
}

import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction, type Socket } from "node:net";
import { Agent, buildConnector } from "undici";
import {
  type AllowList,
  addressProblem,
  addressSentence,
  hostOf,
  isAllowedPrivate,
  namesHost,
  nothingPrivate,
  portOf,
  type Reach,
} from "./address-rules.ts";
import { createNetworkWatch, type NetworkWatch } from "./network-state.ts";

/** Every address of a host, A and AAAA; `dns.lookup` with `all` unless a test gives another. */
export type Resolve = (
  host: string,
  answer: (error: Error | null, addresses: readonly { address: string; family: number }[]) => void,
) => void;

export interface AgentOptions {
  readonly allowPrivate?: AllowList;
  readonly resolve?: Resolve;
  readonly connectTimeoutMs?: number;
  /** Certificate authorities beside the system's, PEM. */
  readonly ca?: string;
}

/**
 * One pool of connections per kind of trust, never shared: a stranger's address must not ride on a
 * connection that was opened for the operator.
 */
export interface FetchAgents {
  readonly allowPrivate: AllowList;
  /** Tells a dead network from a dead host, by what all connections of this process meet. */
  readonly network: NetworkWatch;
  agentFor(trusted: boolean): Agent;
  /** Is this one of the operator's private hosts (by the allow list, or because it led to one of its addresses)? */
  isOwnHost(url: URL): boolean;
  close(): Promise<void>;
}

export function createFetchAgents(options: AgentOptions = {}): FetchAgents {
  const allowPrivate = options.allowPrivate ?? nothingPrivate;
  const ownHosts = new Set<string>();
  const reach: Reach = { trusted: true, allowPrivate };
  const trusted = pinnedAgent(reach, options, (host, port, address) => {
    if (isAllowedPrivate(address, reach, { host, port })) ownHosts.add(`${host}:${port}`);
    else ownHosts.delete(`${host}:${port}`);
  });
  const stranger = pinnedAgent({ trusted: false, allowPrivate }, options);
  return {
    allowPrivate,
    network: createNetworkWatch(),
    agentFor: (isTrusted) => (isTrusted ? trusted : stranger),
    isOwnHost: (url) => {
      const [host, port] = [hostOf(url), portOf(url)];
      return (
        ownHosts.has(`${host}:${port}`) ||
        namesHost(allowPrivate, { host, port }) ||
        isAllowedPrivate(host, reach, { host, port })
      );
    },
    close: async () => void (await Promise.all([trusted.close(), stranger.close()])),
  };
}

/** The connection was not opened because of where it leads; the message is the sentence for the operator. */
export class ForbiddenAddressError extends Error {
  override name = "ForbiddenAddressError";
}

/**
 * An agent that connects only to addresses it has checked. The name is resolved once, every answer must
 * pass, and the socket connects to those same answers, so that a second, different answer (DNS rebinding)
 * is never asked for. Hosts given as addresses are checked too, and so is the peer of the open socket.
 * Proxy settings in the environment are not looked at.
 */
export function pinnedAgent(
  reach: Reach,
  options: AgentOptions = {},
  reached: (host: string, port: number, address: string) => void = () => {},
): Agent {
  const resolve = options.resolve ?? systemResolve;
  const connectors = new Map<number, ReturnType<typeof buildConnector>>();
  const connectorFor = (port: number) => {
    const connector = connectors.get(port) ?? buildConnector(connectorOptions(port, reach, resolve, options));
    connectors.set(port, connector);
    return connector;
  };
  return new Agent({
    connections: 8,
    pipelining: 1,
    keepAliveTimeout: 1_000,
    keepAliveMaxTimeout: 30_000,
    maxHeaderSize: 32_768,
    allowH2: false,
    connect(target, callback) {
      const host = target.hostname.replace(/^\[|\]$/g, "");
      const port = Number(target.port) || (target.protocol === "https:" ? 443 : 80);
      const literal = isIP(host) === 0 ? undefined : problemOf([host], host, port, reach);
      if (literal !== undefined) return callback(literal, null);
      connectorFor(port)(target, (...[error, socket]) => {
        if (error !== null) return callback(error, null);
        const peer = peerProblem(socket, host, port, reach);
        if (peer !== undefined) {
          socket.destroy();
          return callback(peer, null);
        }
        reached(host, port, socket.remoteAddress ?? "");
        callback(null, socket);
      });
    },
  });
}

function connectorOptions(port: number, reach: Reach, resolve: Resolve, options: AgentOptions) {
  return {
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    allowH2: false,
    timeout: options.connectTimeoutMs ?? 10_000,
    lookup: pinnedLookup(port, reach, resolve),
  };
}

/** Answers `net.connect` with the checked addresses, or with a refusal if any of them is forbidden. */
function pinnedLookup(port: number, reach: Reach, resolve: Resolve): LookupFunction {
  return (host, { all }, callback) => {
    resolve(host, (error, addresses) => {
      if (error !== null) return callback(error, "");
      const refusal = problemOf(
        addresses.map(({ address }) => address),
        host.replace(/\.$/, ""),
        port,
        reach,
      );
      const [first] = addresses;
      if (refusal !== undefined) return callback(refusal, "");
      if (first === undefined) return callback(noAddresses(host), "");
      if (all) return callback(null, [...addresses]);
      callback(null, first.address, first.family);
    });
  };
}

function problemOf(
  addresses: readonly string[],
  host: string,
  port: number,
  reach: Reach,
): ForbiddenAddressError | undefined {
  for (const address of addresses) {
    const problem = addressProblem(address, reach, { host, port });
    if (problem !== undefined) {
      return new ForbiddenAddressError(addressSentence(host, address, problem, reach.trusted));
    }
  }
  return undefined;
}

function peerProblem(socket: Socket, host: string, port: number, reach: Reach): Error | undefined {
  return socket.remoteAddress === undefined
    ? Object.assign(new Error("The connection closed as soon as it was open."), { code: "ECONNRESET" })
    : problemOf([socket.remoteAddress], host, port, reach);
}

function noAddresses(host: string): Error {
  return Object.assign(new Error(`${host} has no address.`), { code: "ENOTFOUND" });
}

const systemResolve: Resolve = (host, answer) => {
  systemLookup(host, { all: true }, (error, addresses) => answer(error, error === null ? addresses : []));
};

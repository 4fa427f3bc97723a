import { UsageError } from "@paperwire/core/errors.ts";
import { describe, expect, test } from "vitest";
import {
  addressProblem,
  isPublicAddress,
  isTrusted,
  nothingPrivate,
  parseAllowList,
  urlProblem,
} from "./address-rules.ts";

const stranger = { trusted: false, allowPrivate: nothingPrivate };

describe("an address is refused", () => {
  test.each([
    ["unspecified", "0.0.0.0"],
    ["this network", "0.1.2.3"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["carrier-grade NAT (RFC 6598)", "100.64.0.1"],
    ["carrier-grade NAT, its end", "100.127.255.255"],
    ["loopback", "127.0.0.1"],
    ["loopback, elsewhere in the network", "127.255.0.3"],
    ["link-local, where clouds keep their secrets", "169.254.169.254"],
    ["a cloud's wire server", "168.63.129.16"],
    ["protocol assignments", "192.0.0.8"],
    ["documentation", "192.0.2.1"],
    ["documentation", "198.51.100.1"],
    ["documentation", "203.0.113.1"],
    ["6to4 relay", "192.88.99.1"],
    ["benchmarking", "198.19.0.1"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified, IPv6", "::"],
    ["loopback, IPv6", "::1"],
    ["IPv4-compatible", "::127.0.0.1"],
    ["IPv4-compatible, of a public address", "::8.8.8.8"],
    ["mapped private", "::ffff:10.0.0.1"],
    ["mapped loopback, in hexadecimal", "::ffff:7f00:1"],
    ["mapped, written out", "0:0:0:0:0:ffff:c0a8:0101"],
    ["translated", "::ffff:0:127.0.0.1"],
    ["NAT64 of a private address", "64:ff9b::a00:1"],
    ["NAT64 of the metadata address", "64:ff9b::169.254.169.254"],
    ["local NAT64", "64:ff9b:1::808:808"],
    ["6to4 of loopback", "2002:7f00:1::1"],
    ["6to4 of a public address", "2002:808:808::1"],
    ["Teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    ["ORCHID", "2001:20::1"],
    ["documentation, IPv6", "2001:db8::1"],
    ["documentation, the newer block", "3fff::1"],
    ["unique local", "fc00::1"],
    ["unique local, a cloud's metadata", "fd00:ec2::254"],
    ["link-local, IPv6", "fe80::1"],
    ["link-local with a zone", "fe80::1%eth0"],
    ["site-local", "fec0::1"],
    ["discard-only", "100::1"],
    ["segment routing", "5f00::1"],
    ["multicast, IPv6", "ff02::1"],
    ["no address: short form", "127.1"],
    ["no address: hexadecimal", "0x7f000001"],
    ["no address: a name", "localhost"],
    ["no address: nothing", ""],
  ])("because it is %s: %s", (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

test.each([
  "8.8.8.8",
  "1.1.1.1",
  "100.63.255.255",
  "100.128.0.1",
  "172.32.0.1",
  "2606:4700::1111",
  "::ffff:8.8.8.8",
  "64:ff9b::8.8.8.8",
])("a public address may be reached: %s", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

describe("a URL that hides a private address is refused once it is parsed", () => {
  test.each([
    "http://127.0.0.1/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://017700000001/",
    "http://127.1/",
    "http://127.0.0.1./",
    "http:\\\\127.0.0.1\\x",
    "http:/127.0.0.1/",
    "http://%31%32%37.0.0.1/",
    "http://①②⑦.0.0.1/",
    "http://127。0。0。1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "\thttp://127.0.0.1/\n",
  ])("%j", (text) => {
    expect(urlProblem(new URL(text), stranger)).toContain("a loopback address");
  });

  test("and a backslash before an @ leaves the host before it, as every browser reads it", () => {
    expect(new URL("http://8.8.8.8\\@127.0.0.1/").hostname).toBe("8.8.8.8");
    expect(urlProblem(new URL("http://8.8.8.8\\@127.0.0.1/"), stranger)).toBeUndefined();
    expect(urlProblem(new URL("http://8.8.8.8@127.0.0.1/"), stranger)).toBeDefined();
  });
});

describe("a stranger's URL", () => {
  test.each([
    ["ftp://feeds.example/a", "Only http and https"],
    ["file:///etc/passwd", "Only http and https"],
    ["data:text/plain,x", "Only http and https"],
    ["https://user:secret@feeds.example/", "user name or password"],
    ["http://feeds.example:22/", "port 22"],
    ["http://feeds.example:8080/", "port 8080"],
  ])("%s is refused, and the sentence does not repeat a secret", (text, because) => {
    const sentence = urlProblem(new URL(text), stranger) ?? "";
    expect(sentence).toContain(because);
    expect(sentence).not.toContain("secret");
  });

  test.each([
    "http://feeds.example/",
    "https://feeds.example./a",
    "https://feeds.example:443/",
    "http://feeds.example:443/",
  ])("%s may be asked", (text) => {
    expect(urlProblem(new URL(text), stranger)).toBeUndefined();
  });
});

describe("the operator's allow list", () => {
  const allowPrivate = parseAllowList(
    "10.0.0.0/8, 192.168.1.5:8080 [fd00::1]:80;fd12::/16 intranet.example lab.example:81",
  );
  const operator = { trusted: true, allowPrivate };

  test("opens its networks, addresses and hosts to the operator's sources", () => {
    expect(addressProblem("10.200.0.1", operator, { port: 9999 })).toBeUndefined();
    expect(addressProblem("::ffff:10.0.0.1", operator)).toBeUndefined();
    expect(addressProblem("192.168.1.5", operator, { port: 8080 })).toBeUndefined();
    expect(addressProblem("fd00::1", operator, { port: 80 })).toBeUndefined();
    expect(addressProblem("fd12::7", operator, { port: 80 })).toBeUndefined();
    expect(addressProblem("127.0.0.1", operator, { host: "Intranet.example", port: 1 })).toBeUndefined();
    expect(addressProblem("127.0.0.1", operator, { host: "lab.example", port: 81 })).toBeUndefined();
  });

  test("opens nothing beside them", () => {
    expect(addressProblem("11.0.0.1", operator)).toBeUndefined();
    expect(addressProblem("192.168.1.5", operator, { port: 80 })).toBe("a private address");
    expect(addressProblem("192.168.1.6", operator, { port: 8080 })).toBe("a private address");
    expect(addressProblem("127.0.0.1", operator, { host: "lab.example", port: 82 })).toBe(
      "a loopback address",
    );
    expect(addressProblem("127.0.0.1", operator, { host: "a.intranet.example" })).toBe("a loopback address");
  });

  test("opens nothing to a stranger", () => {
    expect(addressProblem("10.0.0.1", { trusted: false, allowPrivate })).toBe("a private address");
    expect(
      addressProblem("127.0.0.1", { trusted: false, allowPrivate }, { host: "intranet.example" }),
    ).toBeDefined();
  });

  test("is empty when nothing is set", () => {
    expect(parseAllowList("  ")).toEqual(nothingPrivate);
  });

  test.each(["10.0.0.0/33", "10.0.0", "999.1.1.1", "fd00::/129", "10.0.0.1:70000", "lab/8", "-x", "*"])(
    "that holds %j is refused with a sentence that names it",
    (entry) => {
      expect(() => parseAllowList(`10.0.0.0/8, ${entry}`)).toThrow(UsageError);
      expect(() => parseAllowList(entry)).toThrow(JSON.stringify(entry));
    },
  );
});

test("an address from a payload is the operator's only on the host that the operator named", () => {
  const source = { url: "http://10.0.0.1/feed", trusted: true };
  expect(isTrusted("http://10.0.0.1/feed?page=2", source)).toBe(true);
  expect(isTrusted("http://10.0.0.2/feed", source)).toBe(false);
  expect(isTrusted("http://10.0.0.1@10.0.0.2/", source)).toBe(false);
  expect(isTrusted("http://10.0.0.1/feed?page=2", { ...source, trusted: false })).toBe(false);
  expect(isTrusted("page 2", source)).toBe(false);
});

import { UsageError } from "@paperwire/core";

/**
 * An e-mail address as the mail providers take it: RFC 5321's dot-string at a host name with a dot, ASCII or
 * international, 254 characters at most. Quoted local parts and address literals are legal and never real.
 * @throws UsageError for anything else.
 */
export function parseEmail(text: string): string {
  const email = text.trim();
  const [, local = "", domain = ""] = /^([^@]+)@([^@]+)$/.exec(email) ?? [];
  const isLocal =
    local.length <= 64 &&
    /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u.test(local);
  const isDomain =
    /^([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])$/u.test(
      domain,
    );
  if (email.length > 254 || !isLocal || !isDomain) {
    throw new UsageError(
      `"${email.slice(0, 80).replace(/[\u0000-\u001f]/g, " ")}" is no e-mail address. It should look like ada@example.org.`,
    );
  }
  return `${local}@${domain.toLowerCase()}`;
}

// Builds the script tag and the examples from the guide's form. An invalid service or site is replaced by the guide's
// example value, so that every example stays complete.

const HOST = "https://status.example.com";
const SITE = "acme";
// The URL parser allows quotation marks in host names; they are refused here.
const ORIGIN = /^https?:\/\/[a-z0-9.:[\]-]+$/;
const SLUG = /^[a-z0-9][a-z0-9-]{1,38}$/;

const quoted = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
const words = (text) => (text ?? "").trim().split(/[\s,]+/).filter(Boolean).join(" ");

/** Returns the origin of a pasted address, or undefined if the address is invalid. */
export const originOf = (address) => {
  const text = address.trim();
  const scheme = /^[a-z.+-]+:\/\//i.test(text) ? "" : "https://";
  try {
    const { origin } = new URL(scheme + text);
    return ORIGIN.test(origin) ? origin : undefined;
  } catch {
    return undefined;
  }
};

/** Returns the trimmed site slug, or undefined if it is invalid. */
export const siteOf = (name) => (SLUG.test(name.trim()) ? name.trim() : undefined);

/** Returns the script tag, without attributes that have their default value. */
export const tagOf = ({ host, site, position, theme, components, audience }) => {
  const attributes = [
    ["data-site", siteOf(site) ?? SITE],
    ["data-position", position === "bottom" ? "" : position],
    ["data-theme", theme === "auto" ? "" : theme],
    ["data-components", words(components)],
    ["data-audience", words(audience)],
  ];
  const written = attributes.filter(([, value]) => value).map(([name, value]) => ` ${name}="${quoted(value)}"`);
  return `<script async src="${originOf(host) ?? HOST}/embed.js"${written.join("")}></script>`;
};

/** Returns an example with the reader's service and site filled in. */
export const fill = (example, { host, site }) => {
  const [origin, slug] = [originOf(host) ?? HOST, siteOf(site) ?? SITE];
  return example
    .replaceAll(HOST, origin)
    .replaceAll(`"${SITE}"`, `"${slug}"`)
    .replaceAll(new RegExp(`(/|site=)${SITE}\\b(?!\\.)`, "g"), `$1${slug}`);
};

// The tag that a host pastes, as the guide's form says it. What cannot be meant is left as the guide has it: an example
// that names no service, or no site, would do nothing at all.

const HOST = "https://status.example.com";
const SITE = "acme";
// A host name may hold quotation marks, as browsers read it; none that there is does.
const ORIGIN = /^https?:\/\/[a-z0-9.:[\]-]+$/;
const SLUG = /^[a-z0-9][a-z0-9-]{1,38}$/;

const quoted = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
const words = (text) => (text ?? "").trim().split(/[\s,]+/).filter(Boolean).join(" ");

/** The origin of a service, whatever else of its address was pasted; undefined where it is none. */
export const originOf = (address) => {
  const said = address.trim();
  const scheme = /^[a-z.+-]+:\/\//i.test(said) ? "" : "https://";
  try {
    const { origin } = new URL(scheme + said);
    return ORIGIN.test(origin) ? origin : undefined;
  } catch {
    return undefined;
  }
};

/** A site as its tag names it; undefined where there can be none of that name. */
export const siteOf = (name) => (SLUG.test(name.trim()) ? name.trim() : undefined);

/** The tag; what is as it would be anyway is left out. */
export const tagOf = ({ host, site, position, theme, components, audience }) => {
  const attributes = [
    ["data-site", siteOf(site) ?? SITE],
    ["data-position", position === "bottom" ? "" : position],
    ["data-theme", theme === "auto" ? "" : theme],
    ["data-components", words(components)],
    ["data-audience", words(audience)],
  ];
  const said = attributes.filter(([, value]) => value).map(([name, value]) => ` ${name}="${quoted(value)}"`);
  return `<script async src="${originOf(host) ?? HOST}/embed.js"${said.join("")}></script>`;
};

/** An example with the reader's own service and site in it. */
export const fill = (example, { host, site }) => {
  const [origin, slug] = [originOf(host) ?? HOST, siteOf(site) ?? SITE];
  return example
    .replaceAll(HOST, origin)
    .replaceAll(`"${SITE}"`, `"${slug}"`)
    .replaceAll(new RegExp(`(/|site=)${SITE}\\b(?!\\.)`, "g"), `$1${slug}`);
};

// The tag that a host pastes, as the guide's form says it.

const HOST = "https://status.example.com";
const SITE = "acme";

const quoted = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
const words = (text) => (text ?? "").trim().split(/[\s,]+/).filter(Boolean).join(" ");

/** The tag; what is as it would be anyway is left out. */
export const tagOf = ({ host, site, position, theme, components, audience }) => {
  const attributes = [
    ["data-site", site.trim() || SITE],
    ["data-position", position === "bottom" ? "" : position],
    ["data-theme", theme === "auto" ? "" : theme],
    ["data-components", words(components)],
    ["data-audience", words(audience)],
  ];
  const said = attributes.filter(([, value]) => value).map(([name, value]) => ` ${name}="${quoted(value)}"`);
  return `<script async src="${quoted(origin(host))}/embed.js"${said.join("")}></script>`;
};

/** An example with the reader's own service and site in it. */
export const fill = (example, { host, site }) =>
  example
    .replaceAll(HOST, origin(host))
    .replaceAll(`"${SITE}"`, `"${site.trim() || SITE}"`)
    .replaceAll(new RegExp(`(/|site=)${SITE}\\b(?!\\.)`, "g"), `$1${site.trim() || SITE}`);

const origin = (host) => host.trim().replace(/\/+$/, "") || HOST;

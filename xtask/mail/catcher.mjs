// A mail server on 127.0.0.1 that delivers nothing: it prints each mail as a line of JSON, and shows the mails on a
// page of its own port, which the development server passes on at `/dev/mail`. `cargo xtask dev` and the tests start it, see
// xtask/src/mail_catcher.rs. It ends when its stdin is closed.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

// security: "tls", "starttls" or "plain". login: the login that it requires, { user, password }, or null. hangs: whether it never
// answers after DATA. refusals: replies to RCPT by address, such as { "gone@example.com": "550 5.1.1 No such user" }.
const { security, login, hangs, refusals } = JSON.parse(process.argv[2]);
// Maximum number of mails that the page shows, newest first.
const KEPT = 200;

const mails = [];
const print = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const readBeside = (name) => readFileSync(new URL(name, import.meta.url));

// An error from a reply with code and text, such as "550 5.1.1 No such user".
const refusal = (reply) => Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });

const server = new SMTPServer({
  secure: security === "tls",
  key: readBeside("key.pem"),
  cert: readBeside("certificate.pem"),
  authOptional: login === null,
  disabledCommands: [...(security === "starttls" ? [] : ["STARTTLS"]), ...(login === null ? ["AUTH"] : [])],
  authMethods: ["PLAIN", "LOGIN"],
  onAuth({ username, password }, session, done) {
    if (!session.secure) print({ login_in_clear: true });
    const isValid = username === login.user && password === login.password;
    done(isValid ? null : refusal("535 5.7.8 Wrong user name or password"), { user: username });
  },
  onRcptTo({ address }, _session, done) {
    done(refusals[address] ? refusal(refusals[address]) : null);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", async () => {
      const raw = Buffer.concat(chunks);
      print({
        mail: {
          from: session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map(({ address }) => address),
          secure: Boolean(session.secure),
          user: session.user ?? null,
          raw: raw.toString("latin1"),
        },
      });
      mails.unshift({ at: new Date(), raw, parsed: await PostalMime.parse(raw) });
      mails.length = Math.min(mails.length, KEPT);
      if (!hangs) done(null, "queued");
    });
  },
});
// Without this, a client that breaks the connection would end the process.
server.on("error", () => {});

const escaped = (text) => String(text ?? "").replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const address = (one) => escaped(one?.name ? `${one.name} <${one.address}>` : one?.address);

const page = (title, body) => `<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title} · Allclear</title><link rel="icon" href="/pages/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/pages/page.css">
<link rel="stylesheet" href="/pages/dark.css" media="screen and (prefers-color-scheme: dark)">
<body class="alone"><main><h1>${title}</h1>${body}</main>`;

const entry = ({ at, raw, parsed }) => `<details><summary>${escaped(at.toISOString())} · ${parsed.to?.map(address).join(", ")}
 · ${escaped(parsed.subject)}</summary>
<pre>${escaped(parsed.text)}</pre>
<iframe sandbox title="HTML" style="width:100%;height:420px;border:0" srcdoc="${escaped(parsed.html)}"></iframe>
<details><summary>Source</summary><pre>${escaped(raw.toString("utf8"))}</pre></details></details>`;

const http = createServer((_request, response) => {
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.setHeader("cache-control", "no-store");
  const list = mails.map(entry).join("") || '<p class="soft">Nothing yet.</p>';
  response.end(page("Mail", `<p class="lead">The mails that this server has sent. Reload to see more.</p>${list}`));
});

const listen = (listener) =>
  new Promise((done) => listener.listen(0, "127.0.0.1", () => done((listener.server ?? listener).address().port)));
print({ ready: { smtp: await listen(server), http: await listen(http) } });
process.stdin.on("end", () => process.exit(0)).resume();

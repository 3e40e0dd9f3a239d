//! `cargo xtask dev`: builds, serves, creates the demo site, and prints URLs and tokens.

use std::{path::PathBuf, process::ExitCode};

use crate::{
    build,
    data::DataFolder,
    invitation,
    mail::Mail,
    mail_catcher::{self, MailCatcher, Security},
    progress::{self, Planned},
    seed, serve,
    workerd::{self, Network},
};

#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1.
    pub port: u16,
    pub data: PathBuf,
    /// How the mail catcher encrypts connections.
    pub mail: Security,
}

/// The name of the last step.
const STARTING: &str = "Starting workerd";

/// Returns after SIGINT or SIGTERM, or when workerd exits.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    // Checked before the build, which takes minutes.
    workerd::check_port(options.port)?;
    let _folder = DataFolder::take(&options.data)?;
    let mut steps = build::planned()?;
    steps.push(Planned {
        what: STARTING.to_owned(),
        estimate: None,
    });
    progress::plan(&steps);
    build::run()?;
    let stop = serve::stop_flag()?;
    let mut mail = Mail::read()?;
    // The mail catcher is started only if the environment selects no mail transport.
    let catcher = match mail.has_transport() {
        true => None,
        false => Some(start_catcher(options.mail, &mut mail)?),
    };
    let config = serve::config(&serve::Options {
        port: options.port,
        data: options.data.clone(),
        // Private addresses are allowed so that webhooks and on-call targets can be tried out on this machine.
        network: Network::PublicAndPrivate,
        mail,
        shows_outbox: true,
        clock_offset_s: 0,
    })?;
    let running = progress::step(STARTING, || serve::start(&config, &stop))?;
    let Some(running) = running else {
        return Ok(ExitCode::SUCCESS);
    };
    let origin = running.url();
    let demo_token = seed::demo(&origin, &config.root_token, &options.data)?;
    serve::print(&welcome(&origin, &config.root_token, demo_token.as_deref()))?;
    if catcher.is_some() {
        serve::print(&format!("The mails that it sends are at {origin}/dev/mail"))?;
    }
    serve::print(&invitation::create(&origin, &config.root_token)?)?;
    serve::wait_for_end(running, &stop)
}

/// Starts a mail catcher, and changes the mail settings so that the server sends to it.
fn start_catcher(security: Security, mail: &mut Mail) -> anyhow::Result<MailCatcher> {
    let catcher = MailCatcher::start(&mail_catcher::Options {
        security,
        ..mail_catcher::Options::default()
    })?;
    mail.from = mail
        .from
        .take()
        .or_else(|| Some("Allclear <allclear@example.com>".to_owned()));
    mail.smtp_url = Some(catcher.smtp_url());
    mail.catcher_url = Some(catcher.page_url());
    if security != Security::Plain {
        mail.trusted_certificate = Some(mail_catcher::certificate()?);
    }
    Ok(catcher)
}

/// The text that is printed when the server is ready: URLs, tokens, and at the end a command that
/// publishes an incident.
pub fn welcome(origin: &str, root_token: &str, demo_token: Option<&str>) -> String {
    let token = demo_token.unwrap_or(root_token);
    let owner = match demo_token {
        Some(token) => format!("  owner token of demo      {token}\n"),
        None => String::new(),
    };
    format!(
        "\nAllclear is ready.\n\n\
         \u{20} demo page                {origin}/demo/\n\
         \u{20} status page              {origin}/s/demo\n\
         \u{20} feed                     {origin}/v1/sites/demo/feed\n\
         \u{20} embed guide              {origin}/docs/embed\n\
         \u{20} sent messages            {origin}/dev/outbox\n\
         {owner}\
         \u{20} root token               {root_token}\n\n\
         Open the demo page, then publish an incident:\n\n\
         curl -sS {origin}/v1/sites/demo/incidents \\\n\
         \u{20} -H 'Authorization: Bearer {token}' \\\n\
         \u{20} -H 'Content-Type: application/json' \\\n\
         \u{20} -d '{{\"kind\":\"incident\",\"title\":\"Messages are delayed\",\"impact\":\"major\",\"body\":\"We are looking into it.\",\
         \"components\":[{{\"id\":\"sending\",\"status\":\"partial_outage\"}}],\"advice\":\"Do not resend: your messages are queued.\"}}'\n\
"
    )
}

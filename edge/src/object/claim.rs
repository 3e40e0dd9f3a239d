//! What a site's settings ask of the world outside its object: host names that must be free, a time zone that must exist.

use notice::{
    rejection::Rejection,
    wire::{ids::Slug, input::NewSite},
};

use super::{
    envelope::Envelope,
    hostnames,
    operate::{Call, Refusal, settle},
    rehearse::{may_import, would_change_settings},
    site::Site,
    time_zone,
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::route::{Route, SiteCall, parse},
    runtime::clock,
    storage::{
        migrations,
        projections::{self, Beside},
    },
};

impl Site {
    /// What a body asks for that the rules alone cannot judge: a time zone that the runtime must know, host names that
    /// must be free. Claims those, once it is known that everything else fits. The answer, if it is refused.
    pub(super) async fn claim(
        &self,
        envelope: &Envelope,
        body: &[u8],
    ) -> Result<Option<Answer>, Fault> {
        let zone = time_zone::wanted(body);
        let names = hostnames::wanted(body);
        if zone.is_none() && names.is_none() {
            return Ok(None);
        }
        let call = Call {
            envelope,
            body,
            now_ms: clock::now_ms(&self.env),
            budget: &self.budget,
            taken: &[],
        };
        // Whatever it is that would be refused is refused where everything is answered.
        if !would_change_settings(&self.sql()?, &call)? {
            return Ok(None);
        }
        if let Some(refused) = zone.as_deref().and_then(time_zone::refuse) {
            return Ok(Some(Answer::rejection(&refused)));
        }
        let (Some(names), Ok(site)) = (names, self.slug(envelope, body)) else {
            return Ok(None);
        };
        let claimed = hostnames::claim(&self.env, &site, &names).await;
        match claimed {
            Ok(()) => Ok(None),
            Err(refusal) => settle(Err(refusal)).map(Some),
        }
    }

    /// Claims the host names that came with an import, but for those that other sites have by now: these are returned,
    /// and dropped from what is imported.
    pub(super) async fn claim_imported(
        &self,
        envelope: &Envelope,
        body: &[u8],
    ) -> Result<Vec<String>, Fault> {
        let Ok(Route::Operator(site, SiteCall::Import)) = parse(&envelope.method, &envelope.path)
        else {
            return Ok(Vec::new());
        };
        let mut names = hostnames::imported(body);
        let call = Call {
            envelope,
            body,
            now_ms: clock::now_ms(&self.env),
            budget: &self.budget,
            taken: &[],
        };
        // What will be refused claims nothing.
        if names.is_empty() || !may_import(&self.sql()?, &call)? {
            return Ok(Vec::new());
        }
        let mut taken = Vec::new();
        loop {
            match hostnames::claim(&self.env, &site, &names).await {
                Ok(()) => return Ok(taken),
                Err(Refusal::Rejection(Rejection::HostnameTaken(name))) => {
                    names.retain(|other| *other != name);
                    taken.push(name);
                }
                Err(Refusal::Rejection(_)) => return Ok(taken),
                Err(Refusal::Fault(fault)) => return Err(fault),
            }
        }
    }

    /// The directory knows the host names that the site has in the end: not those of a change that did not come about,
    /// or that only repeated one from before; nor those of an import that was refused.
    pub(super) async fn settle_hostnames(
        &self,
        envelope: &Envelope,
        body: &[u8],
    ) -> Result<(), Fault> {
        let wanted = hostnames::wanted(body);
        let route = parse(&envelope.method, &envelope.path);
        let imported = matches!(route, Ok(Route::Operator(_, SiteCall::Import)));
        if wanted.is_none() && !imported {
            return Ok(());
        }
        let sql = self.sql()?;
        let standing = match migrations::version(&sql)? {
            0 => Vec::new(),
            _ => {
                let site = projections::load(&sql, Beside::Nothing)?.state.site;
                site.map(|site| site.hostnames).unwrap_or_default()
            }
        };
        if wanted.as_ref() == Some(&standing) {
            return Ok(());
        }
        let site = self.slug(envelope, body)?;
        match hostnames::claim(&self.env, &site, &standing).await {
            Ok(()) => Ok(()),
            Err(Refusal::Fault(fault)) => Err(fault),
            // Somebody else was quicker, with what was free a moment ago.
            Err(Refusal::Rejection(taken)) => {
                worker::console_error!("host names of {site}: {taken}");
                Ok(())
            }
        }
    }

    /// The site's slug: from the path, or from the body that makes it.
    fn slug(&self, envelope: &Envelope, body: &[u8]) -> Result<Slug, Fault> {
        match parse(&envelope.method, &envelope.path) {
            Ok(Route::Operator(slug, _)) => Ok(slug),
            _ => {
                let input: NewSite = serde_json::from_slice(body)?;
                Ok(input.slug)
            }
        }
    }
}

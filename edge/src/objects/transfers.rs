//! Files that a site's object receives and sends as streams: imports and exports.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use worker::{Request, Response};

use super::{
    jobs::{Lease, Queue},
    site_object::Site,
};
use crate::{
    fault::Fault,
    http::site_call::SiteCall,
    refusal::Refusal,
    rpc::site_client::Envelope,
    runtime::{
        body, deadline::within, respond::object_response, server_clock, sql::ReadOnlySql, time_zone,
    },
    site::{
        call::{JobKind, Upload},
        export::{Export, SIZE},
        idempotency::fingerprint_before_body,
        import::{BodyUse, admit_body},
        importer::{Importer, Staged},
        job,
    },
    storage::migrations,
};

/// Deadline for the next part of a file from the client.
const PART_DEADLINE: Duration = Duration::from_secs(30);
/// Number of received bytes after which an import pauses, so that other requests run.
const SLICE: usize = 16 * 1024;

impl Site {
    /// Reads the file of an import into staging tables. Returns the upload, and the lease of the
    /// import's job. For a request that may be a replay, only the fingerprint is computed, and
    /// there is no lease.
    pub(super) async fn upload(
        &self,
        request: &mut Request,
        site_call: &SiteCall,
        envelope: &Envelope,
    ) -> Result<(Upload, Option<Lease>), Refusal> {
        let mut queue = Queue::default();
        let lease = loop {
            match self.admit_upload(site_call, envelope) {
                Ok(lease) => break lease,
                Err(Refusal::Rejection(job::BUSY)) if queue.wait().await => {}
                Err(refusal) => {
                    body::discard(request).await;
                    return Err(refusal);
                }
            }
        };
        let mut hasher = fingerprint_before_body(envelope);
        let staged = match &lease {
            Some(lease) => {
                let received = self.stage(request, lease, |part| hasher.update(part)).await;
                Some(Box::new(received?))
            }
            None => {
                let mut parts = body::Parts::of(request);
                while let Some(part) = parts.next(PART_DEADLINE).await? {
                    hasher.update(&part);
                }
                None
            }
        };
        let fingerprint = hasher.finish();
        Ok((
            Upload {
                fingerprint,
                staged,
            },
            lease,
        ))
    }

    /// Admits an import. Returns the lease of its job; `None` if the request may be a replay, which
    /// imports nothing.
    fn admit_upload(
        &self,
        site_call: &SiteCall,
        envelope: &Envelope,
    ) -> Result<Option<Lease>, Refusal> {
        let sql = self.sql()?;
        match admit_body(&sql, &self.call(envelope, &[]), site_call)? {
            BodyUse::Fingerprint => Ok(None),
            BodyUse::Stage => Ok(Some(Lease::begin(
                &self.jobs,
                JobKind::Import,
                self.now_ms(),
            )?)),
        }
    }

    /// Stages the rows of an import's file as they arrive, and calls `on_part` with each part.
    async fn stage(
        &self,
        request: &mut Request,
        lease: &Lease,
        mut on_part: impl FnMut(&[u8]),
    ) -> Result<Staged, Refusal> {
        self.has_copies.set(true);
        let mut importer = Importer::begin(&self.sql()?, self.now_ms(), time_zone::is_known)?;
        let mut parts = body::Parts::of(request);
        let mut since_pause: usize = 0;
        while let Some(part) = parts.next(PART_DEADLINE).await? {
            lease.keep(self.now_ms())?;
            on_part(&part);
            importer.push(&part);
            since_pause = since_pause.saturating_add(part.len());
            while importer.step(&self.sql()?)? {
                lease.pause(|| self.now_ms()).await?;
            }
            if since_pause >= SLICE {
                since_pause = 0;
                lease.pause(|| self.now_ms()).await?;
            }
        }
        while importer.step_after_end(&self.sql()?)? {
            lease.pause(|| self.now_ms()).await?;
        }
        Ok(importer.finish()?)
    }

    /// Sends an export in parts, each read from the database when the client takes it.
    pub(super) fn send_export(
        &self,
        envelope: &Envelope,
        export: Export,
        lease: Option<Lease>,
    ) -> Result<Response, Fault> {
        let answer = export.answer();
        if envelope.method == "HEAD" {
            let size = export.size()?.to_string();
            return object_response(answer.with(SIZE, &size));
        }
        let lease = match lease {
            Some(lease) => lease,
            // The export was measured in one slice, so that no other job could begin.
            None => match Lease::begin(&self.jobs, JobKind::Export, self.now_ms()) {
                Ok(lease) => lease,
                Err(_) => return Err(Fault::TimedOut("another job")),
            },
        };
        let sql = ReadOnlySql::new(&self.state)?;
        let env = self.env.clone();
        let parts = stream::try_unfold((export, lease), move |(mut export, lease)| {
            let (sql, env) = (sql.clone(), env.clone());
            async move {
                let kept = lease.pause(|| server_clock::now_ms(&env)).await;
                kept.map_err(|refusal| worker::Error::from(refusal.to_string()))?;
                let part = export.next_part(&sql);
                let part = part.map_err(|fault| worker::Error::from(fault.to_string()))?;
                Ok::<_, worker::Error>(part.map(|part| (part.into_bytes(), (export, lease))))
            }
        });
        let response = Response::from_stream(parts.boxed_local())?;
        for (name, value) in &answer.headers {
            response.headers().set(name, value)?;
        }
        Ok(response)
    }

    /// Frees the storage of a site that has been deleted; only the tombstone stays. A failure is
    /// only logged: the site is deleted anyway, and the next site with this slug reuses the pages
    /// of the database.
    pub(super) async fn free_storage(&self) {
        if let Err(fault) = self.delete_all().await {
            self.log("delete", &fault);
        }
    }

    /// Deletes the object's database, and creates the tombstone again in a new one.
    async fn delete_all(&self) -> Result<(), Fault> {
        let rev = migrations::tombstone_rev(&self.sql()?)?;
        within(PART_DEADLINE, "the storage", async {
            Ok(self.state.storage().delete_all().await?)
        })
        .await?;
        let sql = self.sql()?;
        migrations::create_tombstone(&sql, rev)
    }
}

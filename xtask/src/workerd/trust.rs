//! A configuration of workerd that trusts a further certificate.

use std::{fs, io::Write, path::Path};

use anyhow::{Context, ensure};
use tempfile::NamedTempFile;

/// The setting that the certificate is added to.
const TRUST: &str = "trustBrowserCas = true";

/// Writes a copy of a configuration that also trusts a certificate in PEM. In the copy, the paths
/// of the build's files are absolute.
///
/// # Errors
/// When the configuration cannot be read, or the copy cannot be written.
pub fn config(capnp: &Path, certificate: &str) -> anyhow::Result<NamedTempFile> {
    let folder = capnp.parent().context("the configuration has no folder")?;
    let folder = folder.canonicalize()?;
    let text = fs::read_to_string(capnp)?;
    let mut file = NamedTempFile::with_suffix(".capnp")?;
    file.write_all(with_certificate(&text, &folder, certificate)?.as_bytes())?;
    Ok(file)
}

/// Adds a certificate to a configuration, and makes the paths of its files absolute.
fn with_certificate(text: &str, folder: &Path, certificate: &str) -> anyhow::Result<String> {
    ensure!(text.contains(TRUST), "the configuration has no {TRUST}");
    let certificate = certificate.replace('\n', "\\n");
    let trust = format!("{TRUST}, trustedCertificates = [\"{certificate}\"]");
    Ok(text
        .replace(TRUST, &trust)
        .replace("embed \"", &format!("embed \"{}/", folder.display())))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::with_certificate;

    #[test]
    fn the_certificate_is_trusted_and_files_are_absolute() {
        let text =
            r#"(tlsOptions = (trustBrowserCas = true)) (esModule = embed "worker/index.js")"#;
        let found = with_certificate(text, Path::new("/dist"), "-----BEGIN\nA\n").unwrap();
        assert_eq!(
            found,
            r#"(tlsOptions = (trustBrowserCas = true, trustedCertificates = ["-----BEGIN\nA\n"])) (esModule = embed "/dist/worker/index.js")"#
        );
        assert!(with_certificate("", Path::new("/dist"), "").is_err());
    }
}

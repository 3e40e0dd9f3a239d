//! Compresses files at the highest quality, and caches the results by content.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context;
use flate2::{Compression, GzBuilder};

use super::stamp::hash_of;
use crate::workspace::scratch;

pub fn brotli(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)?;
    Ok(packed)
}

/// Compresses without a time stamp, so that equal content gives equal bytes.
pub fn gzip(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Writes `FILE.br` and `FILE.gz` beside a file if they are smaller, and returns their `Content-Encoding`s, smallest first.
pub fn write_copies(file: &Path) -> anyhow::Result<Vec<&'static str>> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut encodings = Vec::new();
    for (encoding, extension, pack) in [
        ("br", "br", brotli as fn(&[u8]) -> anyhow::Result<Vec<u8>>),
        ("gzip", "gz", gzip),
    ] {
        let packed = cached(&bytes, extension, pack)?;
        if packed.len() < bytes.len() {
            let mut name = file.as_os_str().to_owned();
            name.push(format!(".{extension}"));
            fs::write(PathBuf::from(name), packed)?;
            encodings.push(encoding);
        }
    }
    Ok(encodings)
}

/// Returns the compressed bytes, from the cache if the same content was compressed before.
fn cached(
    bytes: &[u8],
    extension: &str,
    pack: fn(&[u8]) -> anyhow::Result<Vec<u8>>,
) -> anyhow::Result<Vec<u8>> {
    let folder = scratch().join("compressed");
    let file = folder.join(format!("{}.{extension}", hash_of(bytes)));
    if let Ok(packed) = fs::read(&file) {
        return Ok(packed);
    }
    let packed = pack(bytes)?;
    fs::create_dir_all(&folder)?;
    fs::write(&file, &packed)?;
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn compressed_content_can_be_decompressed() {
        let text = "All is well again. ".repeat(50);
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut brotli(text.as_bytes()).unwrap().as_slice(), &mut plain)
            .unwrap();
        assert_eq!(plain, text.as_bytes());
        let packed = gzip(text.as_bytes()).unwrap();
        let mut plain = String::new();
        flate2::read::GzDecoder::new(packed.as_slice())
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain, text);
        assert_eq!(
            packed,
            gzip(text.as_bytes()).unwrap(),
            "equal bytes each time"
        );
    }
}

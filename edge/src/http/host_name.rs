//! Host names, in requests and in their URLs.

use notice::body::check::host_name;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// A host name in a path, in the spelling in which sites list it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostName(String);

impl HostName {
    /// Parses a percent-encoded segment of a path.
    pub fn parse(segment: &str) -> Option<Self> {
        let name = percent_decode_str(segment).decode_utf8().ok()?;
        host_name::normalize(&name).ok().map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name in lower case, without the trailing dot of an absolute name (RFC 1034, section 3.1); further dots are
/// stripped too.
pub fn normalize(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{HostName, normalize};

    #[test]
    fn host_names_in_paths_are_decoded_and_normalized() {
        for (segment, expected) in [
            ("status.example.com", Some("status.example.com")),
            ("Status.Example.com", Some("status.example.com")),
            ("m%C3%BCller.de", Some("xn--mller-kva.de")),
            ("status.example.com.", None),
            ("127.0.0.1", None),
            ("%FF", None),
            ("a%2Fb.com", None),
        ] {
            let name = HostName::parse(segment);
            let name = name.as_ref().map(HostName::as_str);
            assert_eq!(name, expected, "{segment}");
        }
    }

    #[test]
    fn spellings_of_one_host_name_are_equal() {
        for spelled in [
            "status.example.com",
            "status.example.com.",
            "Status.Example.COM",
            "STATUS.example.com..",
        ] {
            assert_eq!(normalize(spelled), "status.example.com", "{spelled}");
        }
        assert_eq!(normalize("127.0.0.1"), "127.0.0.1");
        assert_eq!(normalize(""), "");
    }
}

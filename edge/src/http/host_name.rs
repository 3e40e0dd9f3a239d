//! Host names as they are compared.

/// The name in lower case and without the dot at its end, with which it is the same name (RFC 1034, section 3.1).
pub fn normal(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn one_name_in_many_spellings() {
        for spelled in [
            "status.example.com",
            "status.example.com.",
            "Status.Example.COM",
            "STATUS.example.com..",
        ] {
            assert_eq!(normal(spelled), "status.example.com", "{spelled}");
        }
        assert_eq!(normal("127.0.0.1"), "127.0.0.1");
        assert_eq!(normal(""), "");
    }
}

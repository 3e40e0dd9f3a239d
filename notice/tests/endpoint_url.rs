//! The addresses to which the server sends requests.

#![cfg(test)]

use notice::body::check::endpoint_url::{Network, check};

/// Addresses, each with a part of the error; an empty one is accepted.
const VECTORS: &[(&str, &str)] = &[
    // Accepted.
    ("https://hooks.example.com/allclear", ""),
    ("HTTPS://Hooks.Example.COM/x?key=1#part", ""),
    ("https://hooks.example.com.", ""),
    ("https://hooks.example.com:443/x", ""),
    ("https://hooks.example.com:8443/x", ""),
    ("https://hooks.example.com:65535", ""),
    ("https://müller.example/x", ""),
    ("https://例え.example/x", ""),
    ("https://hooks.example.com\\x", ""),
    ("https://127.0.0.1.example.com/x", ""),
    ("https://10.example.com/x", ""),
    ("https://localhost.example.com/x", ""),
    ("https://notlocalhost.com/x", ""),
    ("https://internal.example.com/x", ""),
    ("https://my-home.com/x", ""),
    (
        "https://prod-00.westeurope.logic.azure.com:443/workflows/a/triggers/manual/paths/invoke?sig=x",
        "",
    ),
    ("https://discord.com/api/webhooks/1/abc", ""),
    ("https://hooks.slack.com/services/T/B/x", ""),
    // No full URL.
    ("", "full URL"),
    (" ", "full URL"),
    ("hooks.example.com", "full URL"),
    ("//hooks.example.com/x", "full URL"),
    ("https:hooks.example.com", "full URL"),
    ("https:/hooks.example.com", "full URL"),
    ("https:///hooks.example.com", "full URL"),
    ("https:\\\\hooks.example.com", "full URL"),
    ("https://", "full URL"),
    ("https:///", "full URL"),
    ("https://:443/", "full URL"),
    ("https://?x", "full URL"),
    ("https://hooks example.com", "full URL"),
    ("https://hooks%20example.com", "full URL"),
    ("https://hooks.example.com:99999", "full URL"),
    ("https://hooks.example.com:x", "full URL"),
    ("https://hooks..example.com", "full URL"),
    ("https://.example.com", "full URL"),
    ("https://hooks.example.com..", "full URL"),
    ("https://xn--a.example.com", "full URL"),
    ("https://hooks.example.com/\u{2800}", "U+2800"),
    // Another scheme.
    ("http://hooks.example.com", "https://"),
    ("HTTP://hooks.example.com", "https://"),
    ("ftp://hooks.example.com", "https://"),
    ("ws://hooks.example.com", "https://"),
    ("file:///etc/passwd", "https://"),
    ("gopher://hooks.example.com", "https://"),
    ("javascript:alert(1)", "full URL"),
    ("data:text/plain,x", "full URL"),
    // A user.
    ("https://ada@hooks.example.com", "user name"),
    ("https://ada:secret@hooks.example.com", "user name"),
    ("https://hooks.example.com@127.0.0.1/", "user name"),
    (
        "https://127.0.0.1%40hooks.example.com@a.example/",
        "user name",
    ),
    // IPv4 addresses: loopback, private, shared, link-local, metadata, unspecified, multicast, broadcast, public.
    ("https://127.0.0.1", "not an IP address"),
    ("https://127.255.255.254", "not an IP address"),
    ("https://10.0.0.5/x", "not an IP address"),
    ("https://172.16.0.1", "not an IP address"),
    ("https://192.168.1.1:8443", "not an IP address"),
    ("https://100.64.0.1", "not an IP address"),
    (
        "https://169.254.169.254/latest/meta-data",
        "not an IP address",
    ),
    ("https://168.63.129.16", "not an IP address"),
    ("https://0.0.0.0", "not an IP address"),
    ("https://0", "not an IP address"),
    ("https://224.0.0.1", "not an IP address"),
    ("https://255.255.255.255", "not an IP address"),
    ("https://192.0.2.1", "not an IP address"),
    ("https://198.18.0.1", "not an IP address"),
    ("https://8.8.8.8", "not an IP address"),
    // The same in other spellings.
    ("https://2130706433", "not an IP address"),
    ("https://017700000001", "not an IP address"),
    ("https://0x7f000001", "not an IP address"),
    ("https://0X7F.0.0.1", "not an IP address"),
    ("https://0177.0.0.1", "not an IP address"),
    ("https://0177.0x0.0.1", "not an IP address"),
    ("https://127.1", "not an IP address"),
    ("https://127.0.1", "not an IP address"),
    ("https://127.0.0.1.", "not an IP address"),
    ("https://127.0x1", "not an IP address"),
    ("https://2852039166", "not an IP address"),
    ("https://0xa9fea9fe", "not an IP address"),
    ("https://%31%32%37.0.0.1", "not an IP address"),
    ("https://127%2e0%2e0%2e1", "not an IP address"),
    ("https://127。0。0。1", "not an IP address"),
    ("https://１２７.0.0.1", "not an IP address"),
    ("https://①②⑦.⓪.⓪.①", "not an IP address"),
    ("https://127.0.0.1\t/", "U+0009"),
    ("https://127.0.\n0.1/", "U+000A"),
    ("https://127\u{ad}.0.0.1", "U+00AD"),
    ("https://256.0.0.1", "full URL"),
    ("https://1.2.3.4.5", "full URL"),
    ("https://hooks.example.com.256", "full URL"),
    ("https://0x100000000", "full URL"),
    // IPv6 addresses: loopback, unspecified, unique local, link-local, multicast, mapped, NAT64, 6to4, Teredo, public.
    ("https://[::1]", "not an IP address"),
    ("https://[0:0:0:0:0:0:0:1]", "not an IP address"),
    ("https://[::]", "not an IP address"),
    ("https://[fc00::1]", "not an IP address"),
    ("https://[fd00:ec2::254]", "not an IP address"),
    ("https://[fe80::1]", "not an IP address"),
    ("https://[ff02::1]", "not an IP address"),
    ("https://[::ffff:127.0.0.1]", "not an IP address"),
    ("https://[::ffff:7f00:1]", "not an IP address"),
    ("https://[::127.0.0.1]", "not an IP address"),
    ("https://[64:ff9b::7f00:1]", "not an IP address"),
    ("https://[64:ff9b:1::a00:1]", "not an IP address"),
    ("https://[2002:7f00:1::]", "not an IP address"),
    ("https://[2001:0:a00:1::]", "not an IP address"),
    ("https://[2001:db8::1]/x", "not an IP address"),
    ("https://[2606:4700::1111]", "not an IP address"),
    ("https://[fe80::1%25eth0]", "full URL"),
    ("https://[::1", "full URL"),
    ("https://::1/", "full URL"),
    // Names of this machine and of private networks.
    ("https://localhost", "private network"),
    ("https://LOCALHOST:8443/x", "private network"),
    ("https://localhost.", "private network"),
    ("https://ｌｏｃａｌｈｏｓｔ", "private network"),
    ("https://l%6fcalhost", "private network"),
    ("https://local\thost", "U+0009"),
    ("https://hooks.localhost", "private network"),
    ("https://a.b.localhost.", "private network"),
    ("https://localhost.localdomain", "private network"),
    ("https://printer.local", "private network"),
    ("https://intranet/x", "private network"),
    ("https://metadata", "private network"),
    (
        "https://metadata.google.internal/computeMetadata/v1/",
        "private network",
    ),
    ("https://host.docker.internal", "private network"),
    ("https://instance-data.ec2.internal", "private network"),
    ("https://kubernetes.default.svc", "private network"),
    (
        "https://kubernetes.default.svc.cluster.local",
        "private network",
    ),
    ("https://vault.service.consul", "private network"),
    ("https://router.home.arpa", "private network"),
    ("https://nas.lan", "private network"),
    ("https://mail.corp", "private network"),
    ("https://x.onion", "private network"),
    // Ports of other protocols.
    ("https://hooks.example.com:22", "port 443"),
    ("https://hooks.example.com:25/x", "port 443"),
    ("https://hooks.example.com:80/x", "port 443"),
    ("https://hooks.example.com:465/x", "port 443"),
    ("https://hooks.example.com:636/x", "port 443"),
    ("https://hooks.example.com:0/x", "port 443"),
];

#[test]
fn only_https_urls_of_public_host_names_are_accepted() {
    let mut wrong = Vec::new();
    for (address, expected) in VECTORS {
        let error = check(address, Network::Public).err();
        let is_right = match (&error, *expected) {
            (None, expected) => expected.is_empty(),
            (Some(error), expected) => !expected.is_empty() && error.contains(expected),
        };
        if !is_right {
            wrong.push(format!("{address:?}: {error:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(VECTORS.len() >= 80);
}

#[test]
fn an_error_is_a_sentence_that_says_what_to_enter() {
    for (address, _) in VECTORS {
        if let Err(error) = check(address, Network::Public) {
            assert!(error.starts_with("Must "), "{error}");
            assert!(error.ends_with('.'), "{error}");
        }
    }
}

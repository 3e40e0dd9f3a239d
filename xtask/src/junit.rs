//! nextest's report of the end-to-end tests, in JUnit's format.

use anyhow::Context;
use roxmltree::Document;

/// The names of the tests that failed at first and passed when they were run again. In the report,
/// the `testcase` of such a test contains a `flakyFailure` for each failed run.
///
/// # Errors
/// When the report is not well-formed XML.
pub fn flaky_tests(report: &str) -> anyhow::Result<Vec<String>> {
    let document = Document::parse(report).context("the JUnit report cannot be read")?;
    let is_flaky = |test: &roxmltree::Node| {
        test.children()
            .any(|child| child.has_tag_name("flakyFailure"))
    };
    let tests = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"));
    Ok(tests
        .filter(is_flaky)
        .map(|test| {
            let attribute = |name| test.attribute(name).unwrap_or_default();
            format!("{} {}", attribute("classname"), attribute("name"))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tests_with_a_flaky_failure_are_listed() {
        let report = r#"<?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="nextest-run" tests="3" failures="1" errors="0">
                <testsuite name="e2e::widget" tests="3" disabled="0" errors="0" failures="1">
                    <testcase name="tabs::one" classname="e2e::widget" time="1.5"></testcase>
                    <testcase name="tabs::two" classname="e2e::widget" time="1.5">
                        <failure type="test failure">it prints &lt;flakyFailure&gt;</failure>
                    </testcase>
                    <testcase name="tabs::three" classname="e2e::widget" time="1.5">
                        <flakyFailure type="test failure"><system-out>panicked</system-out></flakyFailure>
                    </testcase>
                </testsuite>
            </testsuites>"#;
        assert_eq!(flaky_tests(report).unwrap(), ["e2e::widget tabs::three"]);
        assert!(flaky_tests("<testsuites>").is_err());
    }
}

//! DNS messages about TXT records, as in RFC 8484 (`application/dns-message`).

use simple_dns::{
    CLASS, Name, OPCODE, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE, rdata::RData,
};

/// The media type of questions and answers.
pub const MEDIA_TYPE: &str = "application/dns-message";
/// Maximum number of aliases that are followed.
const MAX_ALIASES: usize = 8;

/// The question for the TXT records of a name; `None` for a name that DNS does not allow. Its id is 0, so that caches
/// can share the answer.
pub fn question(name: &str) -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(0);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let txt = QTYPE::TYPE(TYPE::TXT);
    let name = Name::new(name).ok()?;
    let question = Question::new(name, txt, QCLASS::CLASS(CLASS::IN), false);
    packet.questions.push(question);
    packet.build_bytes_vec().ok()
}

/// The values of a name's TXT records in an answer. The values of an alias are those of its target (CNAME). Empty if the name does
/// not exist.
///
/// # Errors
/// The reason as text, if the message cannot be parsed or is not a whole answer to the question, or the resolver has failed.
pub fn txt_values(message: &[u8], name: &str) -> Result<Vec<String>, String> {
    let packet = Packet::parse(message).map_err(|error| format!("not a DNS message: {error}"))?;
    let is_answer = packet.has_flags(PacketFlag::RESPONSE)
        && packet.opcode() == OPCODE::StandardQuery
        && packet
            .questions
            .iter()
            .any(|question| is_about(question, name));
    if !is_answer {
        return Err("the message does not answer the question".to_owned());
    }
    if packet.has_flags(PacketFlag::TRUNCATION) {
        return Err("the answer is truncated".to_owned());
    }
    match packet.rcode() {
        RCODE::NoError => {}
        RCODE::NameError => return Ok(Vec::new()),
        other => return Err(format!("the resolver answered {other:?}")),
    }
    let is = |record: &Name<'_>, name: &str| record.to_string().eq_ignore_ascii_case(name);
    let alias_of = |name: &str| {
        packet
            .answers
            .iter()
            .find_map(|record| match &record.rdata {
                RData::CNAME(alias) if is(&record.name, name) => Some(alias.0.to_string()),
                _ => None,
            })
    };
    let mut name = name.to_owned();
    for _ in 0..MAX_ALIASES {
        match alias_of(&name) {
            Some(alias) => name = alias,
            None => break,
        }
    }
    let values = packet
        .answers
        .iter()
        .filter_map(|record| match &record.rdata {
            // A value longer than 255 bytes is split into several strings.
            RData::TXT(txt) if is(&record.name, &name) => String::try_from(txt.clone()).ok(),
            _ => None,
        });
    Ok(values.collect())
}

fn is_about(question: &Question<'_>, name: &str) -> bool {
    question.qtype == QTYPE::TYPE(TYPE::TXT)
        && question.qclass == QCLASS::CLASS(CLASS::IN)
        && question.qname.to_string().eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use simple_dns::{
        CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, ResourceRecord, TYPE,
        rdata::{CNAME, RData, TXT},
    };

    use super::{question, txt_values};

    const NAME: &str = "_allclear.status.example.com";

    fn record<'a>(name: &'a str, rdata: RData<'a>) -> ResourceRecord<'a> {
        ResourceRecord::new(Name::new_unchecked(name), CLASS::IN, 60, rdata)
    }

    fn txt<'a>(strings: &[&'a str]) -> RData<'a> {
        let add = |txt: TXT<'a>, string: &&'a str| txt.with_string(string).unwrap();
        RData::TXT(strings.iter().fold(TXT::new(), add))
    }

    fn answer(records: Vec<ResourceRecord<'_>>) -> Vec<u8> {
        let mut packet = reply_to(NAME, TYPE::TXT);
        packet.answers = records;
        packet.build_bytes_vec_compressed().unwrap()
    }

    fn reply_to(name: &str, kind: TYPE) -> Packet<'_> {
        let mut packet = Packet::new_reply(0);
        let (kind, class) = (QTYPE::TYPE(kind), QCLASS::CLASS(CLASS::IN));
        let question = Question::new(Name::new_unchecked(name), kind, class, false);
        packet.questions.push(question);
        packet
    }

    #[test]
    fn a_question_asks_for_txt_with_recursion() {
        let bytes = question("_allclear.a.example").unwrap();
        let expected = b"\0\0\x01\0\0\x01\0\0\0\0\0\0\x09_allclear\x01a\x07example\0\0\x10\0\x01";
        assert_eq!(bytes, expected);
        assert_eq!(
            question(&format!("_allclear.{}.example", "a".repeat(64))),
            None
        );
    }

    #[test]
    fn txt_values_of_the_name_are_found() {
        let values = |records| txt_values(&answer(records), NAME);
        let upper = NAME.to_ascii_uppercase();
        assert_eq!(
            values(vec![
                record(NAME, txt(&["allclear-site=acme"])),
                record(&upper, txt(&["allclear-", "site=other"])),
                record("status.example.com", txt(&["allclear-site=third"])),
            ]),
            Ok(vec![
                "allclear-site=acme".to_owned(),
                "allclear-site=other".to_owned()
            ])
        );
        let alias = "acme.dns.example";
        let to = RData::CNAME(CNAME(Name::new_unchecked(alias)));
        assert_eq!(
            values(vec![record(NAME, to), record(alias, txt(&["x"]))]),
            Ok(vec!["x".to_owned()])
        );
        // Aliases in a circle.
        let to = RData::CNAME(CNAME(Name::new_unchecked(NAME)));
        assert_eq!(values(vec![record(NAME, to)]), Ok(vec![]));
        assert_eq!(values(vec![]), Ok(vec![]));
    }

    #[test]
    fn failures_of_the_resolver_are_not_missing_names() {
        let with = |code| {
            let mut packet = reply_to(NAME, TYPE::TXT);
            *packet.rcode_mut() = code;
            txt_values(&packet.build_bytes_vec().unwrap(), NAME)
        };
        assert_eq!(with(RCODE::NameError), Ok(vec![]));
        assert!(with(RCODE::ServerFailure).is_err());
        assert!(txt_values(b"<html>", NAME).is_err());
        assert!(txt_values(b"", NAME).is_err());
    }

    #[test]
    fn only_a_whole_answer_to_the_question_counts() {
        let record = || vec![record(NAME, txt(&["allclear-site=acme"]))];
        let mut truncated = reply_to(NAME, TYPE::TXT);
        truncated.set_flags(PacketFlag::TRUNCATION);
        truncated.answers = record();
        let mut without_question = Packet::new_reply(0);
        without_question.answers = record();
        for (packet, expected) in [
            (truncated, "the answer is truncated"),
            (without_question, "the message does not answer the question"),
            (
                reply_to("_allclear.other.example.com", TYPE::TXT),
                "the message does not answer the question",
            ),
            (
                reply_to(NAME, TYPE::A),
                "the message does not answer the question",
            ),
        ] {
            let found = txt_values(&packet.build_bytes_vec().unwrap(), NAME);
            assert_eq!(found, Err(expected.to_owned()));
        }
        let upper = NAME.to_ascii_uppercase();
        let answer = reply_to(&upper, TYPE::TXT).build_bytes_vec().unwrap();
        assert_eq!(txt_values(&answer, NAME), Ok(vec![]));
        let echoed = question(NAME).unwrap();
        assert!(txt_values(&echoed, NAME).is_err());
    }
}

//! Durations in number fields, in minutes or hours. The API has them in seconds.

pub const MINUTE_S: u32 = 60;

pub const HOUR_S: u32 = 3600;

/// Decimal places of an amount: enough for one second of an hour.
const PLACES: u32 = 4;

/// Formats seconds in a longer unit, such as `30` or `30.5`. [`seconds`] parses the text to the same second.
pub fn amount(seconds: u32, unit_s: u32) -> String {
    let scale = 10_u64.pow(PLACES);
    let unit = u64::from(unit_s);
    let scaled = (u64::from(seconds) * scale + unit / 2) / unit;
    let (whole, part) = (scaled / scale, scaled % scale);
    let text = format!("{whole}.{part:04}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Parses an amount of a unit and rounds it to a second. `None` if it is not a number or too large.
pub fn seconds(text: &str, unit_s: u32) -> Option<u32> {
    let text = text.trim();
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |text: &str| {
        let fits = text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<u64>().ok()).flatten()
    };
    let scale = 10_u64.pow(u32::try_from(part.len()).ok()?);
    let unit = u64::from(unit_s);
    let rounded = (digits(part)? * unit + scale / 2) / scale;
    u32::try_from(digits(whole)? * unit + rounded).ok()
}

/// Parses minutes into seconds; see [`seconds`].
pub fn minutes_s(text: &str) -> Option<u32> {
    seconds(text, MINUTE_S)
}

#[cfg(test)]
mod tests {
    use super::{HOUR_S, MINUTE_S, amount, seconds};

    #[test]
    fn amounts_round_trip_to_the_second() {
        for unit in [MINUTE_S, HOUR_S] {
            for given in (0..8000).chain([86_399, 86_401, 259_200, 2_591_999, 2_592_000]) {
                let text = amount(given, unit);
                assert_eq!(seconds(&text, unit), Some(given), "{text} of {unit} s");
            }
        }
    }

    #[test]
    fn amounts_have_no_trailing_zeros() {
        for (given, unit, text) in [
            (1800, MINUTE_S, "30"),
            (1830, MINUTE_S, "30.5"),
            (301, MINUTE_S, "5.0167"),
            (86_400, HOUR_S, "24"),
            (0, HOUR_S, "0"),
        ] {
            assert_eq!(amount(given, unit), text);
        }
    }

    #[test]
    fn invalid_amounts_are_rejected() {
        for text in [
            "",
            "x",
            "-1",
            "1.2.3",
            "1e3",
            ".5",
            "5.",
            "99999999999",
            "4294967295",
        ] {
            assert_eq!(seconds(text, MINUTE_S), None, "{text}");
        }
        assert_eq!(seconds(" 1,5 ", MINUTE_S), Some(90));
    }
}

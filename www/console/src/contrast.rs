//! Whether a colour can be read on the card's paper.

/// The card's paper, light and dark.
pub const PAPERS: (&str, &str) = ("#ffffff", "#171d24");
/// From here on it reads well for nearly everybody (WCAG 2.2, 1.4.6).
pub const GOOD: f64 = 7.0;
/// Below this many cannot read it (WCAG 2.2, 1.4.3).
pub const LEAST: f64 = 4.5;

/// What is said of what is no `#rrggbb`.
pub const NO_COLOUR: &str = "Enter a hex colour, like #1f6feb.";

/// The contrast of two colours as WCAG computes it, 1 to 21; `None` for what is no `#rrggbb`.
pub fn ratio(one: &str, other: &str) -> Option<f64> {
    let (one, other) = (luminance(one)?, luminance(other)?);
    Some((one.max(other) + 0.05) / (one.min(other) + 0.05))
}

fn luminance(colour: &str) -> Option<f64> {
    let hex = colour.strip_prefix('#').filter(|hex| hex.len() == 6)?;
    let channel = |from: usize| {
        let value = u8::from_str_radix(hex.get(from..from + 2)?, 16).ok()?;
        let share = f64::from(value) / 255.0;
        Some(if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        })
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

/// What is said of a colour on its paper, and whether it may be used.
pub fn verdict(colour: &str, paper: &str) -> (String, bool) {
    let Some(ratio) = ratio(colour, paper) else {
        return (NO_COLOUR.to_owned(), false);
    };
    let words = if ratio >= GOOD {
        "readable for nearly everyone."
    } else if ratio >= LEAST {
        "readable for most people; 7:1 or more is better."
    } else {
        "too low. At least 4.5:1 is required, and 7:1 is better."
    };
    (format!("Contrast {ratio:.1}:1, {words}"), ratio >= LEAST)
}

#[cfg(test)]
mod tests {
    use super::{ratio, verdict};

    #[test]
    fn contrast_is_as_wcag_computes_it() {
        for (one, other, expected) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#767676", "#ffffff", 4.54),
            ("#595959", "#ffffff", 7.0),
        ] {
            let found = ratio(one, other).unwrap();
            assert!((found - expected).abs() < 0.01, "{one}: {found}");
        }
        assert_eq!(ratio("red", "#ffffff"), None);
        assert_eq!(ratio("#ééé", "#ffffff"), None);
    }

    #[test]
    fn what_many_cannot_read_is_refused() {
        assert!(verdict("#173f87", "#ffffff").1);
        assert!(!verdict("#aaaaaa", "#ffffff").1);
        assert!(!verdict("blue", "#ffffff").1);
    }
}

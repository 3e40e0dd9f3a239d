//! Contrast of a colour with the card's background, as WCAG 2.2 computes it.

/// The card's background in the light and in the dark theme.
pub const BACKGROUNDS: (&str, &str) = ("#ffffff", "#171d24");
/// Enhanced contrast: readable for nearly everybody (WCAG 2.2, 1.4.6).
const ENHANCED: f64 = 7.0;
/// Minimum contrast (WCAG 2.2, 1.4.3).
const MINIMUM: f64 = 4.5;

/// The error of a text that is not `#rrggbb`.
pub const INVALID_COLOUR: &str = "Enter a hex colour, like #1f6feb.";

/// Returns the contrast ratio of two colours, 1 to 21; `None` unless both are `#rrggbb`.
fn ratio(one: &str, other: &str) -> Option<f64> {
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

/// Returns a sentence about a colour's contrast with a background, and whether the contrast is sufficient.
pub fn check(colour: &str, background: &str) -> (String, bool) {
    let Some(ratio) = ratio(colour, background) else {
        return (INVALID_COLOUR.to_owned(), false);
    };
    let rating = if ratio >= ENHANCED {
        "readable for nearly everyone."
    } else if ratio >= MINIMUM {
        "readable for most people; 7:1 or more is better."
    } else {
        "too low. At least 4.5:1 is required, and 7:1 is better."
    };
    (format!("Contrast {ratio:.1}:1, {rating}"), ratio >= MINIMUM)
}

#[cfg(test)]
mod tests {
    use super::{check, ratio};

    #[test]
    fn contrast_ratios_match_wcag() {
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
    fn insufficient_contrast_is_refused() {
        assert!(check("#173f87", "#ffffff").1);
        assert!(!check("#aaaaaa", "#ffffff").1);
        assert!(!check("blue", "#ffffff").1);
    }
}

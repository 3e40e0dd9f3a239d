//! Date formatters that use the runtime's `Intl`.

use notice::wire::language::Language;

use crate::{
    date_format::{DateFormatter, DateFormatters},
    runtime::intl::IntlFormatter,
};

/// Date formatters that use the runtime's `Intl`.
pub(super) struct IntlFormatters;

impl DateFormatters for IntlFormatters {
    fn with<T>(
        &self,
        zone: &str,
        language: &Language,
        work: impl FnOnce(&dyn DateFormatter) -> T,
    ) -> T {
        work(&IntlFormatter::new(zone, language))
    }
}

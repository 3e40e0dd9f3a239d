//! Shortens what wasm and its glue call each other. wasm-bindgen names each import `__wbg_setTimeout_4ec014681668a581`;
//! a hundred such names, in two files that are compressed apart, are 2.4 KB of what a page in an outage loads.

use std::collections::BTreeMap;

use anyhow::{anyhow, ensure};
use wasm_encoder::{
    EntityType, ImportSection, Module,
    reencode::{self, Reencode},
};
use wasmparser::{ImportSectionReader, Parser, Validator};

/// Shortens the names of wasm-bindgen's imports in the module and in its glue, which may be minified.
///
/// # Errors
/// When the module is malformed, imports something that is not a function, or when the glue does not name each import
/// exactly once.
pub fn shorten(wasm: &[u8], glue: &str) -> anyhow::Result<(Vec<u8>, String)> {
    let mut names = ShortNames::default();
    let mut module = Module::new();
    names
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|error| anyhow!("the module cannot be encoded again: {error}"))?;
    let short = module.finish();
    Validator::new().validate_all(&short)?;
    let mut glue = glue.to_owned();
    for (long, name) in &names.0 {
        ensure!(
            glue.matches(long.as_str()).count() == 1,
            "the glue must contain {long} exactly once"
        );
        glue = glue.replace(long, name);
    }
    Ok((short, glue))
}

/// Copies a module with short names for its imports; maps wasm-bindgen's names to them.
#[derive(Default)]
struct ShortNames(BTreeMap<String, String>);

impl ShortNames {
    /// `a0` to `z0`, then `a1` and so on.
    fn of(&mut self, long: &str) -> &str {
        let number = self.0.len();
        let letter = ('a'..='z').nth(number % 26).unwrap_or('a');
        self.0
            .entry(long.to_owned())
            .or_insert_with(|| format!("{letter}{}", number / 26))
    }
}

impl Reencode for ShortNames {
    type Error = anyhow::Error;

    fn parse_import_section(
        &mut self,
        section: &mut ImportSection,
        imports: ImportSectionReader<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        for import in imports.into_imports() {
            let import = import?;
            let entity = self.entity_type(import.ty)?;
            if !matches!(entity, EntityType::Function(_)) {
                let error = anyhow!("{} is not a function", import.name);
                return Err(reencode::Error::UserError(error));
            }
            let name = if import.name.starts_with("__wb") {
                self.of(import.name)
            } else {
                import.name
            };
            section.import(import.module, name, entity);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::shorten;

    /// Imports two functions of the type `() -> ()`; a custom section follows.
    const WASM: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\
        \x02\x1d\x02\x01m\x0d__wbg_long_00\0\0\x01m\x05plain\0\0\0\x03\x02hi";

    #[test]
    fn module_and_glue_agree_on_the_short_name() {
        let (wasm, glue) = shorten(WASM, "x={__wbg_long_00:f,plain:g}").expect("it is valid");
        assert_eq!(
            wasm,
            b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\
            \x02\x12\x02\x01m\x02a0\0\0\x01m\x05plain\0\0\0\x03\x02hi"
        );
        assert_eq!(glue, "x={a0:f,plain:g}");
    }

    #[test]
    fn a_malformed_module_or_a_glue_without_the_name_is_an_error() {
        for (wasm, glue) in [
            (WASM, "x={plain:g}"),
            (WASM, "x={__wbg_long_00:f,y:__wbg_long_00}"),
            (&WASM[..24], "x={__wbg_long_00:f}"),
            (b"\0asm", ""),
        ] {
            assert!(shorten(wasm, glue).is_err());
        }
    }

    #[test]
    fn an_imported_memory_is_an_error() {
        let memory = b"\0asm\x01\0\0\0\x02\x08\x01\x01m\x01n\x02\0\0";
        assert!(shorten(memory, "").is_err());
    }
}

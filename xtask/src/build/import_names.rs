//! Shortens the names of imports and exports in the module and its glue. wasm-bindgen names each import like
//! `__wbg_setTimeout_4ec014681668a581`, and exports in the same way; a hundred such names in two separately compressed files are 2.7 KB.

use std::collections::BTreeMap;

use anyhow::{anyhow, ensure};
use wasm_encoder::{
    EntityType, ExportSection, ImportSection, Module,
    reencode::{self, Reencode},
};
use wasmparser::{Export, ImportSectionReader, Parser, Validator};

/// Shortens the names of wasm-bindgen's imports and exports in the module and in its glue, which may be minified.
///
/// # Errors
/// When the module is malformed, imports something that is not a function, or when the glue does not name each import
/// exactly once.
pub fn shorten(wasm: &[u8], glue: &str) -> anyhow::Result<(Vec<u8>, String)> {
    let mut names = Names::default();
    let mut module = Module::new();
    names
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|error| anyhow!("the module cannot be encoded again: {error}"))?;
    let short = module.finish();
    Validator::new().validate_all(&short)?;
    let mut glue = glue.to_owned();
    for (long, name) in &names.imports.0 {
        ensure!(
            glue.matches(long.as_str()).count() == 1,
            "the glue must contain {long} exactly once"
        );
        glue = glue.replace(long, name);
    }
    for (long, name) in &names.exports.0 {
        glue = glue.replace(&format!(".{long}"), &format!(".{name}"));
    }
    for (long, name) in &names.modules.0 {
        glue = glue.replace(&format!("\"{long}\""), name);
    }
    Ok((short, glue))
}

/// Short names, by the long name of wasm-bindgen.
#[derive(Default)]
struct ShortNames(BTreeMap<String, String>);

impl ShortNames {
    /// Returns the short name for a long one: `a0` to `z0`, then `a1` and so on.
    fn of(&mut self, long: &str) -> &str {
        let number = self.0.len();
        let letter = ('a'..='z').nth(number % 26).unwrap_or('a');
        self.0
            .entry(long.to_owned())
            .or_insert_with(|| format!("{letter}{}", number / 26))
    }
}

/// Copies a module with short names.
#[derive(Default)]
struct Names {
    imports: ShortNames,
    exports: ShortNames,
    /// The names of the modules that this module imports from.
    modules: ShortNames,
}

impl Reencode for Names {
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
                self.imports.of(import.name)
            } else {
                import.name
            };
            section.import(self.modules.of(import.module), name, entity);
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        let long = export.name;
        // Only exports of wasm-bindgen are renamed; scripts call the others by their names.
        if long.starts_with("__") || long.starts_with("wasm_bindgen__") {
            let short = self.exports.of(long).to_owned();
            let named = Export {
                name: &short,
                ..export
            };
            return reencode::utils::parse_export(self, exports, named);
        }
        reencode::utils::parse_export(self, exports, export)
    }
}

#[cfg(test)]
mod tests {
    use super::shorten;

    /// Imports two functions of the type `() -> ()`; a custom section follows.
    const WASM: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\
        \x02\x1d\x02\x01m\x0d__wbg_long_00\0\0\x01m\x05plain\0\0\
        \x07\x13\x02\x05start\0\0\x07__wb_ab\0\x01\0\x03\x02hi";

    #[test]
    fn module_and_glue_agree_on_the_short_names() {
        let (wasm, glue) =
            shorten(WASM, "x={\"m\":{__wbg_long_00:f,plain:g}};w.__wb_ab()").expect("it is valid");
        assert_eq!(
            wasm,
            b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\
            \x02\x14\x02\x02a0\x02a0\0\0\x02a0\x05plain\0\0\
            \x07\x0e\x02\x05start\0\0\x02a0\0\x01\0\x03\x02hi"
        );
        assert_eq!(glue, "x={a0:{a0:f,plain:g}};w.a0()");
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

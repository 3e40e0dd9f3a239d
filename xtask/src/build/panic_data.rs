//! Erases data that is read only by functions that are never called, such as panics: 4 KB of the
//! widget after brotli. `never_called.rs` replaces these functions by traps, but neither the linker nor
//! wasm-opt removes a part of a data segment that is still used. Erased bytes are zero, and take
//! almost no space when compressed.
//!
//! A message or table that is missing is an error, so that a change in the compiler is noticed.

use std::ops::Range;

use anyhow::{Context, ensure};
use wasmparser::{DataKind, Operator, Parser, Payload};

use super::stamp::hash_of;

/// Messages of panics, or parts of them.
const MESSAGES: &[&str] = &[
    // The standard library.
    "slice index starts at ",
    "range start index ",
    "range end index ",
    " out of range for slice of length ",
    "index out of bounds: the len is ",
    " but the index is ",
    "start byte index ",
    "end byte index ",
    " is out of bounds of `",
    " is not a char boundary; it is inside ",
    "begin > end (",
    " when slicing `",
    " but ends at ",
    "assertion `left ",
    " right` failed\n  left: ",
    "\n right: ",
    "panicked at ",
    "cannot modify the panic hook from a panicking thread",
    "internal error: entered unreachable code",
    "a Display implementation returned an error unexpectedly",
    "called `Option::unwrap()` on a `None` value",
    "called `Result::unwrap()` on an `Err` value",
    "LazyCell instance has previously been poisoned",
    "attempt to calculate the remainder with a divisor of zero",
    "`async fn` resumed after completion",
    "RefCell already mutably borrowed",
    "RefCell already borrowed",
    "Hash table ",
    "capacity overflow",
    "Tried to shrink to a larger capacity",
    "assertion failed: src.len() == dst.len()",
    // The B-trees of the standard library.
    ": empty internal node",
    "assertion failed: idx < CAPACITY",
    "assertion failed: edge.height == self.height - 1",
    "assertion failed: edge.height == self.node.height - 1",
    "assertion failed: self.height > 0",
    "assertion failed: count > 0",
    "assertion failed: old_left_len >= count",
    "assertion failed: old_left_len + count <= CAPACITY",
    "assertion failed: old_right_len >= count",
    "assertion failed: old_right_len + count <= CAPACITY",
    "assertion failed: new_left_len <= CAPACITY",
    "assertion failed: match track_edge_idx {\n    LeftOrRight::Left(idx) => idx <= old_left_len,\n    \
        LeftOrRight::Right(idx) => idx <= right_len,\n}",
    // wasm-bindgen.
    "called `Result::unwrap_throw()` on an `Err` value",
    "recursive use of an object detected which would lead to unsafe aliasing in rust",
    "FnOnce called more than once",
    "closure invoked recursively or after being dropped",
    "Attempted to initialize thread-local while it is being dropped",
    // Yew.
    "Can't find the global Window",
    "Can't find document",
    "unkeyed child in fully keyed list",
    "can't remove a child",
    "invalid attribute key",
    "could not set property",
    "could not remove attribute",
    "could not remove property",
    "can't create namespaced element for vtag",
    "can't create element for vtag",
    "couldn't clone node to be cached",
    "couldn't clone cached element",
    "failed to append child",
    "failed to insert node before next sibling",
    "failed to create detached element",
    "To suspend rendering, a <Suspense /> component is required.",
];

const TABLES: &[Table] = &[
    // The tables of `core::unicode::printable`, one after the other. They decide which characters are escaped in messages.
    Table {
        first: b"\x00\x06\x01\x01\x03\x01\x04\x02\x05\x07",
        length: 1_460,
        hash: "d32bf00256a1a9d0f4a11227d6fde0df3bcc002b387ae33ff74b955467ad1212",
    },
    // `core::unicode::grapheme_extend::OFFSETS`, also for escaping.
    Table {
        first: b"p\x00\x07\x00-\x01\x01\x01\x02\x01",
        length: 767,
        hash: "82dbc33447feb9a285c5adc50622e48578849961f0b32e52a7d26ef993f37614",
    },
    // The names of events in Yew. The widget has no listeners: see `never_called.rs`.
    Table {
        first: b"onauxclick",
        length: 1_044,
        hash: "f93c2abcf27126ba64374cc4da8c4bbe9003d946f4702cb33915946838f44e1e",
    },
];

/// Data that is recognised by its hash.
struct Table {
    /// The first bytes of the data, which occur only once in the module.
    first: &'static [u8],
    /// Length of the data, in bytes.
    length: usize,
    /// SHA-256 of the data, in hex.
    hash: &'static str,
}

/// The position of a data segment in memory and in the module.
struct Segment {
    address: usize,
    at: Range<usize>,
}

/// Erases the positions in source files that panics report, and the messages and tables above.
///
/// # Errors
/// When the module is malformed, or when a message or table is missing.
pub fn erase(wasm: &[u8]) -> anyhow::Result<Vec<u8>> {
    let segments = segments(wasm)?;
    let mut dead = locations(wasm, &segments);
    for message in MESSAGES {
        dead.extend(
            occurrences(wasm, &segments, message.as_bytes()).with_context(|| {
                format!("the widget has no {message:?}; correct the list in panic_data.rs")
            })?,
        );
    }
    for table in TABLES {
        dead.extend(find(wasm, &segments, table)?);
    }
    let mut erased = wasm.to_vec();
    for range in dead {
        if let Some(bytes) = erased.get_mut(range) {
            bytes.fill(0);
        }
    }
    Ok(erased)
}

/// The segments with a constant address.
fn segments(wasm: &[u8]) -> anyhow::Result<Vec<Segment>> {
    let mut segments = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::DataSection(section) = payload? else {
            continue;
        };
        for datum in section {
            let datum = datum?;
            let DataKind::Active { offset_expr, .. } = datum.kind else {
                continue;
            };
            let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                continue;
            };
            let end = usize::try_from(datum.range.end)?;
            segments.push(Segment {
                address: usize::try_from(value).context("a segment's address is negative")?,
                at: end - datum.data.len()..end,
            });
        }
    }
    Ok(segments)
}

/// The ranges of all records of `core::panic::Location` (address and length of a path, line and
/// column), and of their paths.
fn locations(wasm: &[u8], segments: &[Segment]) -> Vec<Range<usize>> {
    let word = |at: usize| {
        let bytes = wasm.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let mut found = Vec::new();
    for segment in segments {
        // Records are aligned to 4 bytes in memory.
        let first = segment.at.start + segment.address.wrapping_neg() % 4;
        for at in (first..segment.at.end.saturating_sub(15)).step_by(4) {
            let Some([address, length, line, column]) =
                [word(at), word(at + 4), word(at + 8), word(at + 12)]
                    .into_iter()
                    .collect::<Option<Vec<usize>>>()
                    .and_then(|words| <[usize; 4]>::try_from(words).ok())
            else {
                continue;
            };
            let is_position = (1..100_000).contains(&line) && (1..1_000).contains(&column);
            let path = segments.iter().find_map(|segment| {
                let start = segment.at.start + address.checked_sub(segment.address)?;
                let end = start.checked_add(length)?;
                (end <= segment.at.end).then_some(start..end)
            });
            let is_path =
                |bytes: &[u8]| bytes.ends_with(b".rs") && bytes.iter().all(u8::is_ascii_graphic);
            if let Some(path) = path
                && is_position
                && wasm.get(path.clone()).is_some_and(is_path)
            {
                found.extend([at..at + 16, path]);
            }
        }
    }
    found
}

/// The ranges in the module where these bytes occur in a segment; `None` if they do not occur.
fn occurrences(wasm: &[u8], segments: &[Segment], bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut found = Vec::new();
    for segment in segments {
        let data = wasm.get(segment.at.clone())?;
        let windows = data.windows(bytes.len()).enumerate();
        found.extend(
            windows
                .filter(|(_, window)| *window == bytes)
                .map(|(index, _)| {
                    let start = segment.at.start + index;
                    start..start + bytes.len()
                }),
        );
    }
    (!found.is_empty()).then_some(found)
}

/// The range of a table in the module.
///
/// # Errors
/// When the table does not occur exactly once, or has another hash.
fn find(wasm: &[u8], segments: &[Segment], table: &Table) -> anyhow::Result<Option<Range<usize>>> {
    let found = occurrences(wasm, segments, table.first).unwrap_or_default();
    let [first] = found.as_slice() else {
        anyhow::bail!(
            "a table that panic_data.rs erases occurs {} times instead of once",
            found.len()
        );
    };
    let range = first.start..first.start + table.length;
    let bytes = wasm.get(range.clone()).context("a table is cut off")?;
    let hash = hash_of(bytes);
    ensure!(
        hash == table.hash,
        "a table that panic_data.rs erases has the hash {hash}: the compiler has changed it"
    );
    Ok(Some(range))
}

#[cfg(test)]
mod tests {
    use super::{MESSAGES, Segment, Table, find, hash_of, locations, occurrences, segments};

    /// A module with one page of memory, and data at address 8.
    fn module(data: &[u8]) -> Vec<u8> {
        let mut module = b"\0asm\x01\0\0\0\x05\x03\x01\0\x01".to_vec();
        let length = u8::try_from(data.len()).expect("short data");
        assert!(length < 122, "lengths are one byte");
        module.extend([11, length + 6, 1, 0, 0x41, 8, 0x0b, length]);
        module.extend(data);
        module
    }

    /// A `Location` record.
    fn record(address: u32, length: u32, line: u32, column: u32) -> Vec<u8> {
        [address, length, line, column]
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect()
    }

    fn erased_locations(data: &[u8]) -> Vec<u8> {
        let wasm = module(data);
        let segments = segments(&wasm).expect("it is valid");
        let [Segment { address: 8, at }] = segments.as_slice() else {
            panic!("one segment at 8");
        };
        let mut erased = wasm.clone();
        for range in locations(&wasm, &segments) {
            erased[range].fill(0);
        }
        erased[at.clone()].to_vec()
    }

    #[test]
    fn a_location_and_its_path_are_erased() {
        let data = [b"src/lib.rstextab".to_vec(), record(8, 10, 7, 3)].concat();
        let erased = erased_locations(&data);
        assert_eq!(erased, [&[0; 10][..], b"textab", &[0; 16]].concat());
    }

    #[test]
    fn other_data_stays() {
        let text = b"src/lib.rstextab";
        for (what, record) in [
            ("a text that is no path", record(8, 12, 7, 3)),
            ("a path outside of the data", record(1_000, 10, 7, 3)),
            ("no line", record(8, 10, 0, 3)),
            ("no column", record(8, 10, 7, 70_000)),
            ("a length beyond the memory", record(8, u32::MAX, 7, 3)),
        ] {
            let data = [text.to_vec(), record].concat();
            assert_eq!(erased_locations(&data), data, "{what}");
        }
    }

    #[test]
    fn each_occurrence_of_a_message_is_found() {
        let wasm = module(b"one two one");
        let segments = segments(&wasm).unwrap();
        let found = occurrences(&wasm, &segments, b"one").unwrap();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|range| &wasm[range.clone()] == b"one"));
        assert!(occurrences(&wasm, &segments, b"three").is_none());
        assert!(
            super::erase(&wasm)
                .unwrap_err()
                .to_string()
                .contains(MESSAGES[0])
        );
    }

    #[test]
    fn a_table_with_another_hash_is_an_error() {
        let wasm = module(b"__table__");
        let segments = segments(&wasm).unwrap();
        let table = |hash| Table {
            first: b"ta",
            length: 5,
            hash,
        };
        let hash: &'static str = Box::leak(hash_of(b"table").into_boxed_str());
        let found = find(&wasm, &segments, &table(hash)).unwrap().unwrap();
        assert_eq!(&wasm[found], b"table");
        assert!(find(&wasm, &segments, &table("other")).is_err());
        assert!(find(&module(b"ta ta table"), &segments, &table(hash)).is_err());
    }
}

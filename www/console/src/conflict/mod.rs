//! Conflicts between operators who change the same thing: a three-way merge of the version that a draft is based on, the draft
//! (local) and the published version (remote), field by field.

pub mod merge;
pub mod remote;
pub mod resolve;

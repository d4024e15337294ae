//! The values of `--lifecycle-stage`.

use clap::builder::PossibleValuesParser;

use crate::kinds::API_VERSION;
use crate::model::view::ApiVersionView;

/// The stages that a version can have.
pub(super) fn stages() -> PossibleValuesParser {
    let known =
        &(API_VERSION.schema)()["properties"][ApiVersionView::LIFECYCLE_STAGE]["x-known-values"];
    let stages = known.as_array().into_iter().flatten();
    let stages: Vec<&'static str> = stages.filter_map(|stage| stage.as_str()).collect();
    PossibleValuesParser::new(stages)
}

//! Plans for a terminal.

use std::collections::BTreeMap;

use apicenter::output::{Extent, PlanView, render_plan};

use super::fixtures::PlanFixture;

#[test]
fn what_a_warning_advises_to_declare_keeps_its_lines() {
    let mut world = PlanFixture::new();
    world.integration("apim");
    let view = PlanView {
        sources: &world.sources,
        target: "prod",
        captions: &BTreeMap::new(),
        extent: Extent::Usual,
        width: 100,
        show_unchanged: false,
        show_unmanaged: false,
        diff_lines: None,
    };
    let text = render_plan(&world.plan(), &view).to_string();
    let (_, warning) = text.split_once("\nwarning: ").expect("a warning");
    insta::assert_snapshot!(warning);
}

//! Plans for a terminal.

use apicenter::output::{PlanView, render_plan};

use super::fixtures::PlanFixture;

#[test]
fn what_a_warning_advises_to_declare_keeps_its_lines() {
    let mut world = PlanFixture::new();
    world.integration("apim");
    let view = PlanView {
        sources: &world.sources,
        target: "prod",
        show_unchanged: false,
        show_unmanaged: false,
        diff_lines: 200,
    };
    let text = render_plan(&world.plan(), &view).to_string();
    let (_, warning) = text.split_once("\nwarning: ").expect("a warning");
    insta::assert_snapshot!(warning);
}

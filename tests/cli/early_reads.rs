//! What is read before everything else is known: contents beside lists, and what an apply has finished with.

use apicenter::emulator::{Fault, FaultRule};

use super::harness::Project;
use super::samples::{api, orders};
use super::service_fixture::ServiceFixture;

/// A project with two APIs, of which the second one has nothing below it.
fn two_apis(center: &ServiceFixture) -> Project {
    orders(Project::of_with(center, "prune: {scope: all}")).file("apis/zebras.yaml", &api("zebras"))
}

fn has_asked(center: &ServiceFixture, method: &str, path: &str) -> bool {
    let asked = center.requests();
    asked
        .iter()
        .any(|one| one.method == method && one.path.contains(path))
}

/// A rule for every request that it matches.
fn always(rule: FaultRule) -> FaultRule {
    FaultRule {
        times: u32::MAX,
        ..rule
    }
}

#[test]
fn what_is_below_an_api_is_read_before_the_next_api() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    for number in 10..50 {
        project.write(&format!("apis/z{number}.yaml"), api(&format!("z{number}")));
    }
    project.run("apply --auto-approve -q").success();
    project.forget();
    center.mark();
    project.run("plan --parallelism 1").success();
    let asked = center.requests();
    let position = |text: &str| asked.iter().position(|one| one.path.ends_with(text));
    let export = asked
        .iter()
        .position(|one| one.path.contains("/exportSpec"));
    let (export, last) = (export.expect("an export"), position("/apis/z49/versions"));
    assert!(export < last.expect("a list"), "{export}: {asked:#?}");
}

#[test]
fn documents_are_read_beside_lists() {
    let mut center = ServiceFixture::start();
    let project = two_apis(&center);
    project.run("apply --auto-approve -q").success();
    project.forget();
    center.mark();
    let lists = FaultRule::next("GET", "/apis/zebras/versions", Fault::HoldBefore);
    center.inject(lists);
    let run = project.start("plan --detailed-exitcode");
    center.wait_for_hold();
    center.wait_until("an export while a list is held", |center| {
        has_asked(center, "POST", "/exportSpec")
    });
    center.heal();
    run.finish().success().says(&["No changes."]);
}

#[test]
fn what_is_below_a_page_is_read_beside_the_next_page() {
    let mut center = ServiceFixture::with(|options| options.page_size = 1);
    let project = two_apis(&center);
    project.run("apply --auto-approve -q").success();
    project.forget();
    center.mark();
    let page = "/default/apis?api-version=2024-03-01&%24skiptoken";
    center.inject(FaultRule::next("GET", page, Fault::HoldBefore));
    let run = project.start("plan --detailed-exitcode");
    center.wait_for_hold();
    center.wait_until("a list while a page is held", |center| {
        has_asked(center, "GET", "/versions")
    });
    center.heal();
    run.finish().success().says(&["No changes."]);
}

#[test]
fn only_the_first_lists_wait_for_the_service() {
    let center = ServiceFixture::start();
    let project = two_apis(&center);
    let service = FaultRule::next("GET", "/services/contoso?", Fault::HoldBefore);
    let lists = |center: &ServiceFixture| {
        let asked = center.requests();
        let lists = asked.iter().filter(|one| one.path.ends_with("/apis"));
        lists.count()
    };

    // One request finds out whether the service can be reached.
    center.inject(service.clone());
    let run = project.start("plan");
    center.wait_for_hold();
    assert_eq!(lists(&center), 0);
    center.heal();
    run.finish().success();

    // A service that is known to be there is verified in one go.
    center.inject(service.nth(2));
    let run = project.start("apply --auto-approve");
    center.wait_for_hold();
    center.wait_until("a list while the service is held", |center| {
        lists(center) == 3
    });
    center.heal();
    run.finish().success().talks(&["verified in "]);
}

#[test]
fn an_api_that_is_written_is_verified_while_another_one_is_written() {
    let mut center = ServiceFixture::start();
    let project = two_apis(&center);
    center.inject(FaultRule::next("PUT", "/apis/zebras", Fault::HoldBefore));
    center.mark();
    let run = project.start("apply --auto-approve");
    center.wait_for_hold();
    center.wait_until("an export while a write is held", |center| {
        has_asked(center, "POST", "/exportSpec")
    });
    center.heal();
    run.finish().success().talks(&["verified in "]);
    // Nothing is read twice.
    let asked = center.requests();
    let exports = asked.iter().filter(|one| one.path.contains("/exportSpec"));
    assert_eq!(exports.count(), 1, "{asked:#?}");
}

#[test]
fn a_service_may_need_a_moment_to_show_what_was_written() {
    let center = ServiceFixture::start();
    let project = two_apis(&center);
    let empty = || Fault::Response {
        status: 200,
        body: "{\"value\": []}".to_owned(),
    };
    let versions = "/apis/orders/versions";
    center.inject(FaultRule::next("GET", versions, empty()));
    project
        .run("apply --auto-approve")
        .success()
        .talks(&["verified in "]);

    // A service that never shows it is an error, with what is missing.
    project.edit("apis/orders.yaml", "title: Orders", "title: All orders");
    center.inject(always(FaultRule::next("GET", versions, empty())));
    project.edit("apis/zebras.yaml", "title: zebras", "title: Zebras");
    let refused = project.run("apply --auto-approve").exit(1);
    refused.talks(&["verification failed"]);
}

#[test]
fn nothing_is_verified_early_where_a_deletion_may_reach_it() {
    let mut center = ServiceFixture::start();
    let project = two_apis(&center);
    project.run("apply --auto-approve -q").success();
    project.remove("apis/zebras.yaml");
    project.edit("apis/orders.yaml", "title: Orders", "title: All orders");
    center.inject(FaultRule::next("DELETE", "/apis/zebras", Fault::HoldBefore));
    center.mark();
    let run = project.start("apply --auto-approve --prune");
    center.wait_for_hold();
    center.wait_for_write("PUT apis/orders");
    let lists = |center: &ServiceFixture| {
        let asked = center.requests();
        let lists = asked.iter().filter(|one| one.path.ends_with("/versions"));
        lists.count()
    };
    let planned = lists(&center);
    center.heal();
    run.finish().success();
    assert_eq!(planned, 2, "only the plan has read the lists so far");
    assert_eq!(lists(&center), 3);
}

#[test]
fn imports_that_take_long_hold_up_no_other_change() {
    let center = ServiceFixture::start();
    let mut project = orders(Project::of(&center));
    // More than there are slots for imports.
    for number in 10..34 {
        let text = project.read("apis/orders.yaml");
        let text = text.replace("name: orders", &format!("name: z{number}"));
        project = project.file(&format!("apis/z{number}.yaml"), &text);
    }
    let imports = FaultRule::next("POST", "/importSpecification", Fault::HoldBefore);
    center.inject(always(imports));
    let run = project.start("apply --auto-approve --no-verify");
    center.wait_until(
        "a definition of every API while imports are held",
        |center| {
            let writes = center.writes();
            let definitions = writes
                .iter()
                .filter(|write| write.starts_with("PUT apis/") && write.contains("/definitions/"));
            definitions.count() >= 25
        },
    );
    center.heal();
    run.finish().success();
}

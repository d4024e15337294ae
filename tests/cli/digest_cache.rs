//! The digests of live documents that are kept between runs: where, whose, and who is believed.

use std::path::{Path, PathBuf};

use super::harness::Project;
use super::samples::orders;
use super::service_fixture::ServiceFixture;

/// A service and a project that was applied to it and planned again, so that its digests are cached.
fn cached() -> (ServiceFixture, Project) {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    project.run("plan -q").success();
    (center, project)
}

/// How many documents a plan exports.
#[track_caller]
fn exports(center: &mut ServiceFixture, project: &Project) -> usize {
    center.mark();
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
    let asked = center.requests();
    let exports = asked.iter().filter(|one| one.path.contains("/exportSpec"));
    exports.count()
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .collect()
}

#[test]
fn digests_are_kept_outside_of_the_project() {
    let (mut center, project) = cached();
    assert_eq!(project.cache_files().len(), 1);
    assert!(!project.path(".apicenter").exists());
    assert_eq!(exports(&mut center, &project), 0);
    project.forget();
    assert_eq!(exports(&mut center, &project), 1);
}

#[test]
fn without_a_variable_the_folder_is_that_of_the_platform() {
    let mut center = ServiceFixture::start();
    let home = tempfile::tempdir().expect("a folder");
    let project = orders(Project::of(&center)).env("APICENTER_CACHE_DIR", "");
    let project = project.env("HOME", &home.path().display().to_string());
    let project = project.env("LOCALAPPDATA", &home.path().display().to_string());
    project.run("apply --auto-approve -q").success();
    assert_eq!(exports(&mut center, &project), 0);
    assert!(!project.path(".apicenter").exists());
    let kept = files(home.path());
    assert_eq!(kept.len(), 1, "{kept:?}");
    if cfg!(target_os = "linux") {
        assert_eq!(
            kept[0].parent(),
            Some(&*home.path().join(".cache/apicenter"))
        );
        let caches = tempfile::tempdir().expect("a folder");
        let project = project.env("XDG_CACHE_HOME", &caches.path().display().to_string());
        assert_eq!(exports(&mut center, &project), 1);
        assert_eq!(files(&caches.path().join("apicenter")).len(), 1);
    }
}

#[test]
fn what_a_checkout_brings_is_not_believed() {
    let (_center, project) = cached();
    project.edit("apis/openapi.yaml", "List orders", "All orders");
    let plan = project.run("plan --format json").success().json();
    let wanted = plan["changes"][0]["fields"][0]["after"].as_str();
    let wanted = wanted.expect("a digest").to_owned();
    let file = project.cache_files().remove(0);
    let name = file.file_name().expect("a name").to_owned();
    let text = String::from_utf8(std::fs::read(&file).expect("readable")).expect("text");
    let digest = regex::Regex::new("sha256:[0-9a-f]{64}").expect("a constant");
    let forged = digest.replace_all(&text, wanted);
    assert_ne!(text, forged);
    // Where it is believed, it hides the change.
    std::fs::write(&file, forged.as_bytes()).expect("written");
    project.run("plan --detailed-exitcode").success();
    project.forget();
    for folder in [".apicenter/cache", ".cache/apicenter", ".apicenter", "."] {
        let path = Path::new(folder).join(&name);
        project.write(path.to_str().expect("text"), forged.as_bytes());
    }
    project.run("plan --detailed-exitcode").exit(2);
}

#[test]
fn a_folder_of_the_checkout_is_not_used_even_if_a_variable_names_it() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    project.write("sub/folder/file", "");
    #[cfg(unix)]
    std::os::unix::fs::symlink(project.path("sub"), project.cache().join("link")).expect("linked");
    #[cfg(unix)]
    let linked = project.cache().join("link/folder").display().to_string();
    let absolute = project.path("new/folder").display().to_string();
    let mut project = project;
    for folder in [
        "cache",
        "sub/folder",
        ".apicenter",
        "./a/../cache",
        &absolute,
        #[cfg(unix)]
        &linked,
    ] {
        project = project.env("APICENTER_CACHE_DIR", folder);
        for _ in 0..2 {
            assert_eq!(exports(&mut center, &project), 1, "{folder}");
        }
    }
    // No pull request can bring what is below `.git`.
    project = project.env("APICENTER_CACHE_DIR", ".git/cache");
    project.write(".git/HEAD", "");
    assert_eq!(exports(&mut center, &project), 1);
    assert_eq!(exports(&mut center, &project), 0);
    // A checkout may have more than the project.
    let nested = orders(Project::of(&center));
    nested.write(".git/HEAD", "");
    nested.write("catalog/apicenter.yaml", nested.read("apicenter.yaml"));
    let nested = nested.env("APICENTER_CACHE_DIR", "digests");
    nested.run("-C catalog plan -q").success();
    assert!(!nested.path("digests").exists());
}

#[test]
fn two_services_do_not_share_digests() {
    let (mut one, project) = cached();
    let mut other = ServiceFixture::start();
    let theirs = orders(Project::of(&other)).env(
        "APICENTER_CACHE_DIR",
        &project.cache().display().to_string(),
    );
    theirs.run("apply --auto-approve -q").success();
    assert_eq!(exports(&mut other, &theirs), 0);
    assert_eq!(exports(&mut one, &project), 0);
    assert_eq!(project.cache_files().len(), 2);
}

#[test]
fn a_folder_that_cannot_be_used_costs_requests_only() {
    let (mut center, project) = cached();
    let file = project.path("a-file");
    project.write("a-file", "");
    for folder in [&file, &file.join("below"), Path::new("/proc/nothing/here")] {
        let project =
            orders(Project::of(&center)).env("APICENTER_CACHE_DIR", &folder.display().to_string());
        assert_eq!(exports(&mut center, &project), 1, "{folder:?}");
        let ended = project.run("plan -q").success();
        assert_eq!(ended.stderr(), "", "{folder:?}");
    }
    // A file that is a folder, which nobody can read or replace.
    let kept = project.cache_files().remove(0);
    project.forget();
    std::fs::create_dir_all(kept.join("x")).expect("a folder");
    assert_eq!(exports(&mut center, &project), 1);
    assert_eq!(project.run("plan -q").success().stderr(), "");
}

#[test]
fn the_embedded_emulator_leaves_no_cache() {
    let project = orders(Project::local());
    project.run("apply --auto-approve -q").success();
    project.run("plan --detailed-exitcode").success();
    assert!(project.cache_files().is_empty());
    assert!(!project.path(".apicenter/cache").exists());
}

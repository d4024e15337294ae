//! Data files that are damaged, or something else: they are refused with what to do, and stay as they are.

use std::path::Path;
use std::process::Command;

use apicenter::emulator::{Emulator, EmulatorError, EmulatorOptions, Storage};
use serde_json::json;

use super::harness::{EmulatorFixture, names};

const APIS: &str = "/services/contoso/workspaces/default/apis";
const COUNT: usize = 20;
const PAGE: usize = 4096;

fn at(file: &Path) -> EmulatorOptions {
    EmulatorOptions {
        data: Storage::File(file.to_owned()),
        seed_sample: false,
        ..EmulatorOptions::default()
    }
}

/// A data file with some resources: closed, and as a killed process leaves it.
async fn files(folder: &Path) -> [Vec<u8>; 2] {
    let file = folder.join("whole.redb");
    let center = EmulatorFixture::with(at(&file)).await;
    for number in 0..COUNT {
        let body = json!({"properties": {"title": "t".repeat(40), "kind": "rest"}});
        center.put(&format!("{APIS}/api-{number}"), body).await;
    }
    let killed = std::fs::read(&file).expect("it is there");
    center.emulator.stop().await;
    [std::fs::read(&file).expect("it is there"), killed]
}

/// What is done to a file: what it is called, and what remains.
fn damages(whole: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    let mut damage = |name: String, work: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.to_vec();
        work(&mut bytes);
        all.push((name, bytes));
    };
    for length in [
        0,
        1,
        9,
        63,
        320,
        PAGE,
        PAGE + 1,
        whole.len() / 2,
        whole.len() - PAGE,
        whole.len() - 1,
    ] {
        damage(format!("cut to {length}"), &|bytes| bytes.truncate(length));
    }
    damage("longer".to_owned(), &|bytes| bytes.extend([0; PAGE]));
    for at in (0..64).step_by(5).chain((64..320).step_by(19)) {
        damage(format!("flipped {at}"), &|bytes| bytes[at] ^= 0xFF);
    }
    // Only pages that hold something.
    let used = (0..whole.len() / PAGE).filter(|page| {
        whole[page * PAGE..(page + 1) * PAGE]
            .iter()
            .any(|byte| *byte != 0)
    });
    for page in used {
        let start = page * PAGE;
        damage(format!("page {page} zeroed"), &|bytes| {
            bytes[start..start + PAGE].fill(0);
        });
        for step in [1, 400] {
            damage(format!("page {page} flipped at {step}"), &|bytes| {
                bytes[start + step] ^= 0x41;
            });
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_damage_makes_it_panic_or_change_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut refused = 0;
    for (whole, state) in files(folder.path()).await.iter().zip(["closed", "killed"]) {
        for (name, bytes) in damages(whole) {
            let name = format!("{state}, {name}");
            let file = folder.path().join("damaged.redb");
            std::fs::write(&file, &bytes).expect("it is written");
            match Emulator::start(at(&file)).await {
                Ok(emulator) => {
                    emulator.stop().await;
                    // What nobody uses may be anything; nothing may be lost by it.
                    let center = EmulatorFixture::with(at(&file)).await;
                    let found = names(&center.get(APIS).await.expect(200).json()).len();
                    let is_lost = found != COUNT && state == "closed";
                    assert!(!is_lost, "{name}: {found}");
                    center.emulator.stop().await;
                }
                Err(error @ EmulatorError::Open { .. }) => {
                    refused += 1;
                    assert!(
                        error
                            .help()
                            .is_some_and(|help| help.contains("start with an empty one"))
                    );
                    let after = std::fs::read(&file).expect("it is there");
                    assert!(after == bytes, "{name} changed the file");
                }
                Err(error) => panic!("{name}: {error}"),
            }
        }
    }
    assert!(refused > 50, "{refused} damages are noticed");
}

/// The program on a data file: exit code and stderr.
fn run(file: &Path) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_apicenter"))
        .args(["emulator", "--data"])
        .arg(file)
        .output()
        .expect("it runs");
    assert!(output.stdout.is_empty(), "it serves nothing");
    let text = String::from_utf8(output.stderr).expect("text");
    (output.status.code(), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_says_what_is_wrong_and_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let [closed, _] = files(folder.path()).await;
    let file = folder.path().join("data.redb");
    let mut header = closed.clone();
    header[64..320].fill(0x55);
    for (bytes, problem) in [
        (Vec::new(), "it is empty"),
        (
            b"name,title\n".to_vec(),
            "it is not a data file of the emulator",
        ),
        (
            b"SQLite format 3\0".repeat(600),
            "it is not a data file of the emulator",
        ),
        (
            closed[..closed.len() / 2].to_vec(),
            "it is damaged, and stays as it is",
        ),
        (header, "it is damaged, and stays as it is"),
    ] {
        std::fs::write(&file, &bytes).expect("it is written");
        let (code, text) = run(&file);
        assert_eq!(code, Some(1), "{text}");
        assert!(
            text.contains(problem) && text.contains("data.redb"),
            "{text}"
        );
        assert!(
            text.contains("help: restore the file from a copy"),
            "{text}"
        );
        assert!(!text.contains("panicked"), "{text}");
        assert!(std::fs::read(&file).expect("it is there") == bytes);
    }
    let (code, text) = run(folder.path());
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("it is not a regular file"), "{text}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_may_not_be_read_or_written_is_not_called_damaged() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a folder");
    let [closed, _] = files(folder.path()).await;
    let file = folder.path().join("data.redb");
    for mode in [0o000, 0o444] {
        std::fs::write(&file, &closed).expect("it is written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode))
            .expect("it is its owner's");
        if std::fs::OpenOptions::new().write(true).open(&file).is_ok() {
            return; // The super user may read and write everything.
        }
        let (code, text) = run(&file);
        assert_eq!(code, Some(1), "{text}");
        assert!(
            text.contains("readable and writable") && !text.contains("damaged"),
            "{text}"
        );
        std::fs::remove_file(&file).expect("it is removed");
    }
}

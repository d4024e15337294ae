//! The files themselves.

use apicenter::scaffold::{Ci, Options, Program, ServiceAt, files, next_steps};
use insta::assert_snapshot;
use regex::Regex;
use serde_json::Value;

const ALL: [Option<Ci>; 4] = [
    None,
    Some(Ci::GitHub),
    Some(Ci::AzurePipelines),
    Some(Ci::GitLab),
];

fn options(ci: Option<Ci>) -> Options {
    Options {
        name: "contoso".to_owned(),
        service: Some(ServiceAt {
            subscription_id: "00000000-0000-0000-0000-000000000000".to_owned(),
            resource_group: "rg".to_owned(),
            service: "contoso".to_owned(),
            cloud: "public".to_owned(),
        }),
        ci,
        program: Program::Undecided,
        samples: true,
        pipelines_only: false,
    }
}

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn source() -> Program {
    Program::Source {
        repository: "https://git.example/contoso/apicenter".to_owned(),
        commit: COMMIT.to_owned(),
    }
}

fn binary(attested_by: Option<&str>) -> Program {
    Program::Binary {
        address: "https://releases.example/apicenter.tar.gz".to_owned(),
        sha256: "a1".repeat(32),
        attested_by: attested_by.map(str::to_owned),
    }
}

fn programs() -> impl Iterator<Item = Program> {
    [
        source(),
        binary(None),
        binary(Some("contoso/apicenter")),
        Program::Undecided,
    ]
    .into_iter()
}

/// All pipelines of a forge in one text.
fn pipelines(ci: Ci, program: Program) -> String {
    let all = files(&Options {
        pipelines_only: true,
        program,
        ..options(Some(ci))
    });
    all.into_iter().map(|file| file.text).collect()
}

const FORGES: [Ci; 3] = [Ci::GitHub, Ci::AzurePipelines, Ci::GitLab];

#[test]
fn the_program_is_built_from_the_commit_that_was_given() {
    for ci in FORGES {
        let text = pipelines(ci, source());
        for part in [
            "SOURCE: \"https://git.example/contoso/apicenter\"",
            &format!("COMMIT: \"{COMMIT}\""),
            "--rev \"$COMMIT\" --locked",
        ] {
            assert!(text.contains(part), "{ci:?}: {part}");
        }
    }
}

#[test]
fn the_program_is_downloaded_from_the_address_that_was_given_and_its_checksum_verified() {
    let digest = format!("SHA256: \"{}\"", "a1".repeat(32));
    for ci in FORGES {
        let text = pipelines(ci, binary(None));
        for part in [
            "ADDRESS: \"https://releases.example/apicenter.tar.gz\"",
            &digest,
            "sha256sum --check --strict",
        ] {
            assert!(text.contains(part), "{ci:?}: {part}");
        }
        assert!(!text.contains("gh attestation"), "{ci:?}");
    }
    let attested = pipelines(Ci::GitHub, binary(Some("contoso/apicenter")));
    assert!(
        attested.contains("gh attestation verify") && attested.contains("\"contoso/apicenter\"")
    );
}

/// A registry gives the name of this crate to whoever asks first.
#[test]
fn no_pipeline_takes_a_crate_by_its_name_alone() {
    let by_name = Regex::new(r"cargo \S*\s*install (?:--locked |--version \S+ )*apicenter")
        .expect("a pattern");
    for (ci, program) in FORGES
        .into_iter()
        .flat_map(|ci| programs().map(move |it| (ci, it)))
    {
        let text = pipelines(ci, program);
        assert_eq!(
            by_name.find(&text).map(|found| found.as_str()),
            None,
            "{ci:?}"
        );
        assert!(!text.contains("--version "), "{ci:?}");
    }
}

#[test]
fn what_is_not_decided_is_said_first() {
    for ci in FORGES {
        let of = |program| {
            next_steps(&Options {
                pipelines_only: true,
                program,
                ..options(Some(ci))
            })
        };
        let steps = of(Program::Undecided);
        assert!(
            steps[0].contains("--source") && steps[0].contains("fail until then"),
            "{steps:?}"
        );
        assert_eq!(of(source()), steps[1..]);
    }
}

#[test]
fn these_files_and_no_others() {
    let list = |ci| -> String {
        let all = files(&options(ci)).into_iter();
        all.map(|file| format!("{}\n", file.path)).collect()
    };
    assert_snapshot!(list(None), @r"
    .gitignore
    .vscode/settings.json
    .vscode/tasks.json
    README.md
    apicenter.yaml
    apis/greetings/api.yaml
    apis/greetings/openapi.yaml
    environments/development.yaml
    metadata-schemas/team.yaml
    ");
    let pipelines = |ci| -> String {
        let options = Options {
            pipelines_only: true,
            ..options(Some(ci))
        };
        let all = files(&options).into_iter();
        all.map(|file| format!("{}\n", file.path)).collect()
    };
    let all = [Ci::GitHub, Ci::AzurePipelines, Ci::GitLab].map(pipelines);
    assert_snapshot!(all.join("\n"), @r"
    .github/actions/apicenter/action.yml
    .github/workflows/apicenter-apply.yml
    .github/workflows/apicenter-drift.yml
    .github/workflows/apicenter-plan.yml
    .github/workflows/apicenter-program.yml
    .github/workflows/apicenter-snapshot.yml
    PIPELINES.md

    .azure-pipelines/apicenter-apply.yml
    .azure-pipelines/apicenter-drift.yml
    .azure-pipelines/apicenter-plan.yml
    .azure-pipelines/install.yml
    .azure-pipelines/program.yml
    PIPELINES.md

    .gitlab-ci.yml
    PIPELINES.md
    ");
}

#[test]
fn the_project_file_reads_well() {
    let all = files(&options(None));
    let file = all.iter().find(|file| file.path == "apicenter.yaml");
    assert_snapshot!(file.expect("it is written").text, @r#"
    # yaml-language-server: $schema=./schemas/apicenter.schema.json
    apiVersion: apicenter/v1
    kind: Project
    metadata: {name: "contoso"}
    spec:
      defaultTarget: local
      targets:
        local: {emulator: {}} # on this machine; its state is under .apicenter/
        prod:
          subscriptionId: "00000000-0000-0000-0000-000000000000"
          resourceGroup: "rg"
          service: "contoso"
    "#);
}

#[test]
fn nothing_is_left_to_fill_in_and_texts_are_tidy() {
    let blank = Regex::new("@[A-Z0-9_]+@").expect("a pattern");
    let all = ALL.into_iter().flat_map(|ci| {
        programs().map(move |program| Options {
            program,
            ..options(ci)
        })
    });
    for options in all {
        for file in files(&options) {
            let (path, text) = (file.path, &file.text);
            assert_eq!(blank.find(text).map(|found| found.as_str()), None, "{path}");
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{path}");
            assert!(!text.contains('\r') && !text.contains('\t'), "{path}");
            let trailing = text.lines().find(|line| line.ends_with(' '));
            assert_eq!(trailing, None, "{path}");
        }
    }
}

#[test]
fn pipelines_for_a_cloud_of_its_own_allow_its_host() {
    for (ci, count) in [(Ci::GitHub, 4), (Ci::AzurePipelines, 3), (Ci::GitLab, 1)] {
        let with = |cloud: &str| {
            let mut options = options(Some(ci));
            let service = options.service.as_mut().expect("it is set");
            service.cloud = cloud.to_owned();
            files(&options)
        };
        let allowing = |all: &[apicenter::scaffold::File], host: &str| {
            let line = format!("\n  APICENTER_ALLOWED_HOSTS: \"{host}\"");
            let matching = all.iter().filter(|file| {
                // At the top, so that it is in the environment of each job.
                let before = file.text.split(line.as_str()).next().unwrap_or_default();
                let section = before.lines().rev().find(|line| !line.starts_with(' '));
                file.text.contains(&line)
                    && section.is_some_and(|line| line == "env:" || line == "variables:")
            });
            matching.count()
        };
        assert_eq!(
            allowing(
                &with("https://ARM.contoso.com:8443/x"),
                "arm.contoso.com:8443"
            ),
            count
        );
        for cloud in ["public", "china", "http://127.0.0.1:8181"] {
            let all = with(cloud);
            assert!(
                !all.iter().any(|file| file.text.contains("ALLOWED_HOSTS")),
                "{cloud}"
            );
        }
    }
}

#[test]
fn json_is_json() {
    for file in files(&options(None)) {
        if file.path.ends_with(".json") {
            let _json: Value = serde_json::from_str(&file.text).expect(file.path);
        }
    }
}

/// People use the action from here, and repositories that `init` made have it as a file.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the file is part of this repository"
)]
fn the_action_of_this_repository_is_the_one_that_init_writes() {
    const PATH: &str = ".github/actions/apicenter/action.yml";
    let all = files(&options(Some(Ci::GitHub)));
    let ours = all.iter().find(|file| file.path == PATH);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let there = std::fs::read_to_string(root.join(PATH)).expect("the action is there");
    assert_eq!(there, ours.expect("it is written").text);
}

/// The job that signs in to Azure reads whatever the service holds; the one that pushes must not be it.
#[test]
fn the_night_pushes_in_a_job_that_does_not_sign_in() {
    let cuts = [
        (
            Ci::GitHub,
            "apicenter-drift.yml",
            "\n  report:\n",
            "id-token: write",
        ),
        (
            Ci::AzurePipelines,
            "apicenter-drift.yml",
            "\n  - job: report\n",
            "azureSubscription:",
        ),
        (
            Ci::GitLab,
            ".gitlab-ci.yml",
            "\napicenter-drift-report:\n",
            ".azure",
        ),
    ];
    for (ci, name, second, signs_in) in cuts {
        let all = files(&options(Some(ci)));
        let file = all.iter().find(|file| file.path.ends_with(name));
        let text = &file.expect("it is written").text;
        let (before, report) = text.split_once(second).expect("there are two jobs");
        assert!(
            before.contains("drift --write") || before.contains("write: true"),
            "{ci:?}"
        );
        assert!(
            before.contains(signs_in) && !report.contains(signs_in),
            "{ci:?}"
        );
        for part in ["push --quiet --force-with-lease=", "git apply --index"] {
            assert!(
                report.contains(part) && !before.contains(part),
                "{ci:?}: {part}"
            );
        }
        assert!(
            !report.contains("apicenter -t"),
            "{ci:?}: the program runs beside the right to push"
        );
    }
}

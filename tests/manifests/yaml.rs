//! YAML that is not well-formed, or hostile.

use super::table::{case, check, counts, fine, validate};
use crate::cli::harness::Project;

const HEAD: &str = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: it-is}\n";

#[test]
fn syntax_errors_are_told_in_plain_words_at_their_place() {
    let text = |rest: &str| format!("{HEAD}{rest}");
    check(&[
        case(
            &["a `:` is not allowed here", "quote the text"],
            &text("spec: {}\nspec2: a«yaml-syntax|:» b\n"),
        ),
        case(
            &["the key `kind` appears twice"],
            &text(
                "spec: {title: T, «yaml-duplicate-key+|kind»: rest, «yaml-duplicate-key|kind»: soap}\n",
            ),
        ),
        case(
            &["the key `title` appears twice"],
            &text(
                "spec:\n  «yaml-duplicate-key+|title»: T\n  kind: rest\n  «yaml-duplicate-key|title»: U\n",
            ),
        ),
        case(
            &["`*other` stands for nothing", "put `&other`"],
            &text("spec: {title: T, kind: rest, summary: «yaml-alias|*other»}\n"),
        ),
        case(
            &["an escape after `\\`"],
            &text("spec:\n  title: «yaml-syntax|\"»a\\d\"\n  kind: rest\n"),
        ),
        case(
            &["a key must be a text"],
            &text("spec: {title: T, kind: rest, customProperties: {«yaml-syntax|{ a }»: 1}}\n"),
        ),
    ]);
}

#[test]
fn tabs_and_brackets_are_told_in_their_line() {
    for (rest, words) in [
        (
            "spec:\n\ttitle: T\n",
            "a tab cannot be used for indentation",
        ),
        ("spec:\n  {title: T,\n", "`{` is never closed"),
        ("spec:\n  [title: T\n", "`[` is never closed"),
        ("spec:\n  {title: T]\n", "`{` is closed by `]`"),
        ("spec:\n  {title: T a: b}\n", "`,` or `}` is missing"),
        ("spec:\n  - a\n - b\n", "indent"),
    ] {
        let project = Project::local().file("it.yaml", &format!("{HEAD}{rest}"));
        let told = validate(&project);
        let first = &told["diagnostics"][0];
        assert_eq!(first["code"], "yaml-syntax", "{told:#}");
        assert!(told.to_string().contains(words), "{words}: {told:#}");
        let line = first["source"]["line"].as_u64();
        assert!([Some(5), Some(6)].contains(&line), "{told:#}");
    }
}

#[test]
fn a_broken_document_hides_no_other() {
    check(&[case(
        &["refuses the name", "never closed"],
        "=== a.yaml\napiVersion: apicenter/v1\nkind: Api\nmetadata: {name: «bad-name|v_1»}\nspec: {title: T, kind: rest}\n\
         === b.yaml\napiVersion: apicenter/v1\nkind: Api\nmetadata: {name: «bad-name|v_2»}\nspec: {title: T, kind: rest}\n\
         === c.yaml\napiVersion: apicenter/v1\nkind: \"Ap«yaml-syntax|i»\n",
    )
    .saying(&["refuses the name"])]);
}

/// A file of these bytes, and the codes that are told of it.
fn codes(bytes: &[u8]) -> Vec<String> {
    let project = Project::local();
    project.write("it.yaml", bytes);
    let told = validate(&project);
    let counts = counts(&told);
    counts.into_keys().map(str::to_owned).collect()
}

/// Without limits, reading them would take all memory, or longer than anybody waits.
#[test]
fn hostile_files_are_refused_at_the_limits() {
    let mut bomb = format!("{HEAD}spec:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        let alias = format!("*a{}", i - 1);
        bomb += &format!("  a{i}: &a{i} [{}]\n", [alias.as_str(); 10].join(", "));
    }
    assert!(codes(bomb.as_bytes()).contains(&"yaml-alias".to_owned()));
    let deep = format!("{HEAD}spec: {}", "[".repeat(20_000));
    assert_eq!(codes(deep.as_bytes()), ["yaml-depth"]);
    let deep = format!("{HEAD}spec: {}", "{a: ".repeat(20_000));
    assert_eq!(codes(deep.as_bytes()), ["yaml-depth"]);
    let lines: String = (0..2000)
        .map(|i| format!("{}a:\n", " ".repeat(i)))
        .collect();
    assert_eq!(
        codes(format!("{HEAD}spec:\n{lines}").as_bytes()),
        ["yaml-depth"]
    );
    let itself = format!("{HEAD}spec: &a {{title: *a, kind: rest}}\n");
    assert!(codes(itself.as_bytes()).contains(&"yaml-alias".to_owned()));
    let huge = format!(
        "{HEAD}spec: {{title: T, kind: rest}}\n{}",
        "# x\n".repeat(5 << 20)
    );
    assert_eq!(codes(huge.as_bytes()), ["file-too-large"]);
}

#[test]
fn other_encodings_are_refused_at_the_first_wrong_byte() {
    let text = format!("{HEAD}spec: {{title: ÜX, kind: rest}}\n");
    let place = |bytes: Vec<u8>| {
        let project = Project::local();
        project.write("it.yaml", bytes);
        let told = validate(&project);
        let first = &told["diagnostics"][0];
        assert_eq!(first["code"], "file-encoding", "{told:#}");
        assert_eq!(
            told["diagnostics"].as_array().map(Vec::len),
            Some(1),
            "{told:#}"
        );
        (
            first["source"]["line"].as_u64(),
            first["source"]["column"].as_u64(),
        )
    };
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
    assert_eq!(place(latin), (Some(4), Some(15)));
    let nul = text.replace('X', "X\0").into_bytes();
    assert_eq!(place(nul), (Some(4), Some(17)));
    for bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let wide = format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(bytes)
            .collect();
        assert_eq!(place(wide), (Some(1), Some(1)));
    }
}

#[test]
fn odd_but_valid() {
    fine(&[
        &format!("\u{feff}{HEAD}spec: {{title: T, kind: rest}}\n"),
        &format!("{HEAD}spec:\n  title: T\n  kind: rest\n").replace('\n', "\r\n"),
        "",
        "# only words\n",
        "---\n---\n...\n",
        &format!("%YAML 1.2\n---\n{HEAD}spec: {{title: T, kind: rest}}\n...\n"),
        &format!("---\n# nothing\n---\n{HEAD}spec: {{title: T, kind: rest}}\n---\n"),
        &format!("{HEAD}spec: {{title: T, kind: rest, summary: , versions: }}\n"),
        "{\"apiVersion\": \"apicenter/v1\", \"kind\": \"Api\",\t\"metadata\": {\"name\": \"it-is\"}, \"spec\": {\"title\": \"T\", \"kind\": \"rest\"}}",
        &format!("{HEAD}spec:\n  title: &t T\n  kind: rest\n  summary: *t\n"),
        &format!(
            "{HEAD}spec:\n  title: T\n  kind: rest\n  deployments:\n  - &base\n    name: dep-a\n    title: A\n    \
             server: {{runtimeUri: [a]}}\n  - <<: *base\n    name: dep-b\n"
        ),
    ]);
}

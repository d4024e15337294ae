//! What a person sees on a terminal while a run is under way: a pseudo-terminal, and a model of its screen.
//!
//! The service holds a request until the test has seen what it waits for, so nothing depends on time.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use apicenter::emulator::{Fault, FaultRule};
use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use vt100::Parser;

use super::gateways::linked;
use super::harness::Project;
use super::samples::{OPENAPI, orders};
use super::service_fixture::{PATIENCE, ServiceFixture};

/// A run on a terminal.
struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    bytes: Receiver<Vec<u8>>,
    screen: Parser,
    raw: Vec<u8>,
    /// Whether stderr is the terminal too.
    stderr: Option<std::process::ChildStderr>,
}

/// Where stderr goes.
#[derive(Clone, Copy, PartialEq)]
enum Stderr {
    Terminal,
    Pipe,
}

const ROWS: u16 = 40;

impl Terminal {
    fn start(project: &Project, arguments: &str, columns: u16, stderr: Stderr) -> Self {
        let (pty, pts) = open().expect("a pseudo-terminal");
        pty.resize(Size::new(ROWS, columns)).expect("it has a size");
        let mut command = project.command(arguments);
        if !command.get_envs().any(|(name, _)| name == "TERM") {
            command.env("TERM", "xterm-256color");
        }
        let mut command = Command::from(command).stdin(Stdio::null());
        if stderr == Stderr::Pipe {
            command = command.stderr(Stdio::piped());
        }
        let mut child = command.spawn(pts).expect("the program starts");
        let pty = Arc::new(pty);
        let (sender, bytes) = channel();
        let reader = Arc::clone(&pty);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Where the other end is closed, Linux has an error and other systems the end.
            while let Ok(length @ 1..) = (&*reader).read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            pty,
            stderr: child.stderr.take(),
            child,
            bytes,
            screen: Parser::new(ROWS, columns, 1000),
            raw: Vec::new(),
        }
    }

    /// The rows of the screen that are not empty.
    fn rows(&self) -> Vec<String> {
        let screen = self.screen.screen();
        let rows = screen.rows(0, screen.size().1);
        rows.map(|row| row.trim_end().to_owned())
            .filter(|row| !row.is_empty())
            .collect()
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend(bytes);
        self.screen.process(bytes);
    }

    /// Waits until a row has a text, and returns the row. At any moment at most one row has it.
    fn wait_for(&mut self, text: &str) -> String {
        self.wait_until(text, |row| row.contains(text))
    }

    fn wait_until(&mut self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        loop {
            let rows = self.rows();
            let mut found = rows.iter().filter(|row| is_so(row));
            if let Some(row) = found.next() {
                assert_eq!(found.next(), None, "twice on the screen: {rows:#?}");
                return row.clone();
            }
            match self.bytes.recv_timeout(PATIENCE) {
                Ok(bytes) => self.take(&bytes),
                Err(_) => panic!("`{what}` is not on the screen: {rows:#?}"),
            }
        }
    }

    /// Another size, as when a person changes the window.
    fn resize(&mut self, columns: u16) {
        let size = Size::new(ROWS, columns);
        self.pty.resize(size).expect("it has another size");
        self.screen.screen_mut().set_size(ROWS, columns);
    }

    fn press_ctrl_c(&self) {
        (&*self.pty)
            .write_all(b"\x03")
            .expect("the terminal takes a key");
    }

    fn finish(self) -> (Vec<String>, String, String) {
        self.finish_with(0)
    }

    /// Reads all that is still to come: the rows at the end, all bytes, and what stderr had if it was not the terminal.
    fn finish_with(mut self, code: i32) -> (Vec<String>, String, String) {
        let mut stderr = String::new();
        if let Some(mut pipe) = self.stderr.take() {
            pipe.read_to_string(&mut stderr).expect("stderr is text");
        }
        let status = self.child.wait().expect("the program ends");
        while let Ok(bytes) = self.bytes.recv_timeout(PATIENCE) {
            self.take(&bytes);
        }
        let raw = String::from_utf8(std::mem::take(&mut self.raw)).expect("the output is UTF-8");
        assert_eq!(status.code(), Some(code), "{raw}");
        (self.rows(), raw, stderr)
    }
}

/// A service that holds the first request, and the project of one API.
fn held() -> (ServiceFixture, Project) {
    let center = ServiceFixture::start();
    center.inject(FaultRule {
        method: None,
        ..FaultRule::next("GET", "", Fault::HoldBefore)
    });
    let project = orders(Project::of(&center));
    (center, project)
}

/// Lets go of the request once the service has it.
fn let_go(center: &ServiceFixture) {
    center.wait_for_hold();
    center.release();
}

/// Words of the line that moves while the service is read.
const MOVES: &str = "of about";

fn has(rows: &[String], text: &str) -> bool {
    rows.iter().any(|row| row.contains(text))
}

#[test]
fn the_line_of_a_read_moves_in_its_place_and_is_erased() {
    let (center, project) = held();
    let mut terminal = Terminal::start(&project, "plan", 100, Stderr::Terminal);
    let first = terminal.wait_for(MOVES);
    assert!(first.contains("reading contoso  "), "{first}");
    assert!(
        first.contains(" requests  ") && first.ends_with(" s"),
        "{first}"
    );
    // It is drawn again in the same row, while nothing else is on the screen.
    let next = terminal.wait_until("the line drawn again", |row| {
        row.contains(MOVES) && row != first
    });
    assert_ne!(first, next);
    assert_eq!(terminal.rows().len(), 1, "{:#?}", terminal.rows());
    let_go(&center);
    let (rows, _, _) = terminal.finish();
    assert!(!has(&rows, MOVES), "{rows:#?}");
    assert!(has(&rows, "read 1 resource in "), "{rows:#?}");
    assert!(has(&rows, "Plan: "), "{rows:#?}");
    // Nothing of the line is left over behind or before what came in its place.
    assert!(rows[0].starts_with("read 1 resource in "), "{rows:#?}");
}

#[test]
fn the_line_is_as_wide_as_the_terminal() {
    let (center, project) = held();
    let mut terminal = Terminal::start(&project, "plan", 40, Stderr::Terminal);
    let line = terminal.wait_for("reading contoso");
    assert!(line.chars().count() <= 40, "{line}");
    let next = terminal.wait_until("the line drawn again", |row| {
        row.contains("reading") && row != line
    });
    assert_eq!(terminal.rows(), std::slice::from_ref(&next));
    terminal.resize(120);
    let wide = terminal.wait_until("the whole line", |row| {
        row.contains(MOVES) && row.ends_with(" s")
    });
    assert!(wide.chars().count() > 40, "{wide}");
    let_go(&center);
    let (rows, _, _) = terminal.finish();
    assert!(!has(&rows, "reading contoso"), "{rows:#?}");
}

#[test]
fn without_colours_the_line_moves_all_the_same() {
    let (center, project) = held();
    let project = project.env("NO_COLOR", "1");
    let mut terminal = Terminal::start(&project, "plan", 100, Stderr::Terminal);
    terminal.wait_for(MOVES);
    let_go(&center);
    let (rows, raw, _) = terminal.finish();
    assert!(!has(&rows, MOVES), "{rows:#?}");
    // Only movements and what erases, no colours.
    let mut commands = raw.split("\u{1b}[").skip(1);
    let is_color = |text: &str| {
        text.trim_start_matches(|c: char| "0123456789;".contains(c))
            .starts_with('m')
    };
    assert!(!commands.any(is_color), "{raw:?}");
}

#[test]
fn a_terminal_that_takes_only_lines_gets_only_lines() {
    let (center, project) = held();
    let project = project.env("TERM", "dumb");
    let mut terminal = Terminal::start(&project, "plan", 100, Stderr::Terminal);
    terminal.wait_for("reading contoso");
    let_go(&center);
    let (rows, raw, _) = terminal.finish();
    assert!(!raw.contains('\u{1b}') && !raw.contains(MOVES), "{raw:?}");
    assert_eq!(rows[0], "reading contoso");
    assert!(rows[1].starts_with("read 1 resource in "), "{rows:#?}");
}

#[test]
fn a_quiet_run_shows_no_line() {
    let (center, project) = held();
    let terminal = Terminal::start(&project, "plan -q", 100, Stderr::Terminal);
    let_go(&center);
    let (rows, raw, _) = terminal.finish();
    assert!(!raw.contains("reading") && !raw.contains(MOVES), "{raw:?}");
    assert!(has(&rows, "Plan: "), "{rows:#?}");
}

/// Elsewhere, a sentence stays on one line, where it can be searched for.
#[test]
fn warnings_of_a_plan_break_between_words() {
    let project = Project::local().file(
        "dotted.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: a.b}\nspec: {title: A, kind: rest}\n",
    );
    let warning = |text: &str| -> Vec<String> {
        let (_, after) = text.split_once("warning: ").expect("a warning");
        let (warning, _) = after.split_once("\n\n").expect("an end");
        warning.split_whitespace().map(str::to_owned).collect()
    };
    let whole = project.run("plan").success().stdout().to_owned();
    let help = whole.lines().find(|line| line.contains("Azure documents"));
    assert!(help.is_some_and(|line| line.len() > 100), "{whole}");
    let terminal = Terminal::start(&project, "plan --color never", 60, Stderr::Terminal);
    let (_, raw, _) = terminal.finish();
    let raw = raw.replace("\r\n", "\n");
    assert_eq!(warning(&raw), warning(&whole));
    let (_, after) = raw.split_once("warning: ").expect("a warning");
    let mut lines = after.lines().take_while(|line| !line.is_empty());
    assert!(lines.all(|line| line.len() <= 60), "{raw}");
}

#[test]
fn a_log_and_a_pipe_get_lines_in_place_of_one_that_moves() {
    let (center, project) = held();
    let terminal = Terminal::start(&project, "plan -v", 100, Stderr::Terminal);
    let_go(&center);
    let (_, raw, _) = terminal.finish();
    assert!(
        raw.contains("reading contoso\r\n") && !raw.contains(MOVES),
        "{raw:?}"
    );

    let (center, project) = held();
    let terminal = Terminal::start(&project, "plan", 100, Stderr::Pipe);
    let_go(&center);
    let (rows, raw, stderr) = terminal.finish();
    assert!(!raw.contains("reading") && !raw.contains(MOVES), "{raw:?}");
    assert!(has(&rows, "Plan: "), "{rows:#?}");
    assert!(
        stderr.starts_with("reading contoso\nread 1 resource in "),
        "{stderr}"
    );
    assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
}

#[test]
fn a_verification_has_a_line_that_moves() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let arguments = "apply --auto-approve";
    // The first read after a write verifies.
    center.inject(FaultRule::next(
        "PUT",
        "/apis/orders/deployments",
        Fault::HoldAfter,
    ));
    let mut terminal = Terminal::start(&project, arguments, 100, Stderr::Terminal);
    center.wait_for_hold();
    center.inject(FaultRule::next("GET", "/apis/orders", Fault::HoldBefore));
    let_go(&center);
    let line = terminal.wait_until("what is verified", |row| {
        row.contains("verifying contoso") && row.contains(MOVES)
    });
    assert!(line.ends_with(" s"), "{line}");
    center.heal();
    let (rows, _, _) = terminal.finish();
    assert!(!has(&rows, "verifying") && !has(&rows, MOVES), "{rows:#?}");
    assert!(has(&rows, "verified in "), "{rows:#?}");
    assert!(has(&rows, "Apply complete!"), "{rows:#?}");
}

#[test]
fn linked_documents_have_a_line_that_counts() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = server.local_addr().expect("an address");
    let (seen, is_seen) = channel();
    std::thread::spawn(move || {
        let (mut connection, _) = server.accept().expect("a connection");
        let _ = connection.read(&mut [0; 4096]);
        // The document comes once its line was on the screen.
        let _ = is_seen.recv();
        let length = OPENAPI.len();
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
        let _ = connection.write_all(format!("{head}{OPENAPI}").as_bytes());
    });
    let source = format!("source: {{url: \"http://{address}/orders.yaml\"}}");
    project.edit("apis/orders.yaml", "source: {file: openapi.yaml}", &source);
    let mut terminal = Terminal::start(&project, "plan", 100, Stderr::Terminal);
    let line = terminal.wait_for("fetching 1 linked document");
    assert!(line.ends_with(" s"), "{line}");
    seen.send(()).expect("the server waits");
    let (rows, _, _) = terminal.finish();
    assert!(!has(&rows, "fetching"), "{rows:#?}");
    assert!(has(&rows, "fetched 1 linked document in "), "{rows:#?}");
}

/// A person does not want to wait any longer. The terminal shows the key behind the line, so that may stay, but once.
#[test]
fn waiting_for_an_integration_has_a_line_that_moves() {
    let forever = std::time::Duration::from_secs(100_000);
    let center = ServiceFixture::with(|options| options.sync_delay = forever);
    let project = linked(&center);
    let arguments = "apply --auto-approve --wait-sync=10m";
    let mut terminal = Terminal::start(&project, arguments, 100, Stderr::Terminal);
    let line = terminal.wait_for("waiting until integration/apim synchronises");
    assert!(line.ends_with(" s"), "{line}");
    terminal.press_ctrl_c();
    let (rows, raw, _) = terminal.finish_with(130);
    let lines = rows.iter().filter(|row| row.contains("waiting until"));
    assert!(lines.count() <= 1, "{rows:#?}");
    for said in [
        "Interrupted: finishing requests in flight. Press Ctrl-C again to stop immediately.",
        "interrupted while waiting for integrations; what was applied stays",
    ] {
        assert!(raw.contains(said), "{raw:?}");
    }
}

#[test]
fn a_run_that_ends_early_says_so() {
    let (_center, project) = held();
    let mut terminal = Terminal::start(&project, "plan", 100, Stderr::Terminal);
    terminal.wait_for(MOVES);
    terminal.press_ctrl_c();
    let (rows, raw, _) = terminal.finish_with(130);
    let lines = rows.iter().filter(|row| row.contains(MOVES));
    assert!(lines.count() <= 1, "{rows:#?}");
    assert!(raw.contains("interrupted; nothing was changed"), "{raw:?}");
    // After an error, it is erased.
    let (center, project) = held();
    let refused = FaultRule::next("GET", "", Fault::Status(403));
    center.inject(refused.nth(2).times(1000));
    let mut terminal = Terminal::start(&project, "plan", 100, Stderr::Terminal);
    terminal.wait_for(MOVES);
    let_go(&center);
    let (rows, _, _) = terminal.finish_with(3);
    assert!(!has(&rows, MOVES), "{rows:#?}");
    assert!(has(&rows, "error: "), "{rows:#?}");
}

/// A project with a program in its `PATH` that takes the place of the one that opens a browser.
#[cfg(target_os = "linux")]
fn with_browser(script: &str) -> Project {
    use std::os::unix::fs::PermissionsExt as _;

    let project = super::open::project();
    project.write("bin/xdg-open", format!("#!/bin/sh\n{script}\n"));
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(project.path("bin/xdg-open"), mode).expect("it can be run");
    let path = project.path("bin").display().to_string();
    project.env("PATH", &path)
}

#[cfg(target_os = "linux")]
#[test]
fn a_page_is_opened_on_a_terminal_unless_it_is_only_printed() {
    let project = with_browser("printf '%s' \"$1\" > opened.new && /bin/mv opened.new opened");
    let page = "open api/orders -t prod --print";
    let terminal = Terminal::start(&project, page, 250, Stderr::Terminal);
    let (rows, ..) = terminal.finish();
    assert!(!project.path("opened").exists());
    let terminal = Terminal::start(&project, "open api/orders -t prod", 250, Stderr::Terminal);
    assert_eq!(terminal.finish().0, rows);
    let patience = std::time::Instant::now() + PATIENCE;
    while !project.path("opened").exists() && std::time::Instant::now() < patience {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert_eq!([project.read("opened")].as_slice(), rows);
}

#[cfg(target_os = "linux")]
#[test]
fn a_browser_that_cannot_be_opened_is_an_error_below_the_address() {
    let project = with_browser("exit 3");
    let terminal = Terminal::start(&project, "open -t prod", 250, Stderr::Terminal);
    let (rows, ..) = terminal.finish_with(1);
    assert!(
        rows[0].starts_with("https://portal.azure.com/#resource/"),
        "{rows:#?}"
    );
    assert!(
        rows[1].starts_with("error: no browser could be opened: "),
        "{rows:#?}"
    );
    assert!(has(&rows, "help: open the address above"), "{rows:#?}");
}

#[test]
fn the_rows_of_a_table_are_as_wide_as_the_terminal_and_whole_elsewhere() {
    let center = ServiceFixture::start();
    let title = "A title that is too long for a row of a terminal";
    let project = Project::of(&center);
    center.put(
        "apis/orders",
        serde_json::json!({"title": title, "kind": "rest"}),
    );
    for columns in [80, 120] {
        let terminal = Terminal::start(&project, "get apis", columns, Stderr::Pipe);
        let (rows, ..) = terminal.finish();
        assert_eq!(rows.len(), 2, "{rows:#?}");
        assert!(rows[1].contains("…  ") == (columns == 80), "{rows:#?}");
        assert!(rows[1].ends_with("nobody"), "{rows:#?}");
    }
    let terminal = Terminal::start(&project, "get apis --color always", 80, Stderr::Pipe);
    assert!(terminal.finish().1.contains("\u{1b}["));
    let plain = project.run("get apis").success();
    assert!(plain.stdout().contains(title) && !plain.stdout().contains('\u{1b}'));
}

//! `apicenter emulator`.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::in_file;
use super::out_file::write_file;
use super::signals;
use crate::emulator::{
    Buckets, Emulator, EmulatorError, EmulatorOptions, Replication, SERVER_SEED_DELAY,
    SERVER_SYNC_DELAY, Storage,
};
use crate::output;

/// Serve a local API Center over HTTP, for tests and for other clients
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter emulator                                   on a free port, in memory
  apicenter emulator --listen 127.0.0.1:8181 --data emulator.redb
  apicenter emulator --throttle-rps 5 --fail-every 20  an unreliable service
  apicenter emulator --throttle arm                    with the limits that Azure documents
  apicenter emulator --https --certificate ca.pem      for clients that require https

Point a target at it with `cloud: {resourceManager: URL}`; any bearer token is accepted. Other
clients sign in at the same URL, with any tenant, client and secret.")]
pub(super) struct Args {
    /// Address to listen on; port 0 selects a free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// Serve requests for this host name too, not only for this machine; can be repeated
    #[arg(long = "serve-host", value_name = "NAME", value_parser = host_name)]
    hosts: Vec<String>,

    /// Keep the state in this file, instead of in memory
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,

    /// Delay of every response, in milliseconds
    #[arg(long, value_name = "MS", default_value = "0")]
    latency_ms: u64,

    /// Respond to every Nth request with 500, without processing it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    fail_every: Option<u32>,

    /// Respond to every Nth request with 500, after processing it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    fail_every_after: Option<u32>,

    /// Respond with 429 to more than this many requests per second
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    throttle_rps: Option<u32>,

    /// Throttle with documented limits: reads, writes and deletes separately
    #[arg(long, value_name = "LIMITS", conflicts_with = "throttle_rps")]
    throttle: Option<Limits>,

    /// Make the limits of `--throttle arm` this many times as large, in size and rate
    #[arg(long, value_name = "N", default_value = "1", requires = "throttle", value_parser = clap::value_parser!(u32).range(1..))]
    throttle_size: u32,

    /// Refill the limits of `--throttle arm` this many times as fast
    #[arg(long, value_name = "N", default_value = "1", requires = "throttle", value_parser = clap::value_parser!(u32).range(1..))]
    throttle_speed: u32,

    /// Use https, with a self-signed certificate for localhost, 127.0.0.1, ::1 and the names of `--serve-host`
    #[arg(long)]
    https: bool,

    /// Write the certificate that clients must trust to this file, as PEM
    #[arg(long, value_name = "FILE", requires = "https")]
    certificate: Option<PathBuf>,

    /// Accept only tokens issued by this emulator
    #[arg(long)]
    require_login: bool,

    /// Accept only the client secret in this file
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,

    /// Time before a new managed identity can be assigned a role, in milliseconds
    #[arg(long, value_name = "MS", default_value = "0")]
    replication_delay_ms: u64,

    /// Maximum number of items on one page of a list
    #[arg(long, value_name = "N", default_value = "100", value_parser = clap::value_parser!(u32).range(1..))]
    page_size: u32,

    /// Time before a new service gets its sample API, in milliseconds [default: 2000]
    #[arg(long, value_name = "MS")]
    seed_delay_ms: Option<u64>,

    /// Minimum duration of long-running operations, in milliseconds
    #[arg(long, value_name = "MS", default_value = "0")]
    operation_delay_ms: u64,

    /// Time before integrations synchronise a change, in milliseconds [default: 2000]
    #[arg(long, value_name = "MS")]
    sync_delay_ms: Option<u64>,

    /// Time before the APIs of a deleted integration are removed, in milliseconds [default: 2000]
    #[arg(long, value_name = "MS")]
    unlink_delay_ms: Option<u64>,

    /// Let managed identities read the sources of integrations without a role
    #[arg(long)]
    ignore_roles: bool,

    /// Export documents larger than this many bytes as a link
    #[arg(long, value_name = "BYTES", default_value = "1048576")]
    export_link_above: usize,
}

/// Named limits.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Limits {
    /// 250 reads, 200 writes and 200 deletes at once; 25, 10 and 10 more per second
    Arm,
}

pub(super) async fn run(args: &Args, console: &Console) -> Result<Exit, Failure> {
    let options = EmulatorOptions {
        listen: args.listen,
        hosts: args.hosts.clone(),
        data: args.data.clone().map_or(Storage::Memory, Storage::File),
        latency: Duration::from_millis(args.latency_ms),
        fail_every: args.fail_every,
        fail_every_after: args.fail_every_after,
        throttle_rps: args.throttle_rps,
        page_size: args.page_size as usize,
        seed_delay: args
            .seed_delay_ms
            .map_or(SERVER_SEED_DELAY, Duration::from_millis),
        operation_delay: Duration::from_millis(args.operation_delay_ms),
        sync_delay: args
            .sync_delay_ms
            .map_or(SERVER_SYNC_DELAY, Duration::from_millis),
        unlink_delay: args
            .unlink_delay_ms
            .map_or(SERVER_SYNC_DELAY, Duration::from_millis),
        enforce_roles: !args.ignore_roles,
        export_link_above: args.export_link_above,
        buckets: args.throttle.map(|Limits::Arm| Buckets {
            size: args.throttle_size,
            speed: args.throttle_speed,
        }),
        https: args.https,
        require_login: args.require_login,
        client_secret: args.client_secret_file.as_deref().map(secret).transpose()?,
        replication: Replication {
            tries: 0,
            time: Duration::from_millis(args.replication_delay_ms),
        },
        ..EmulatorOptions::default()
    };
    let emulator = Emulator::start(options).await?;
    if let (Some(file), Some(certificate)) = (&args.certificate, emulator.certificate()) {
        write_file(file, &output::Data::own(certificate.as_bytes()), console)?;
    }
    let mut interrupt = std::pin::pin!(signals::interrupt());
    // Whoever reads the address may send the signal at once, so it is listened for before.
    let is_over = futures::poll!(interrupt.as_mut()).is_ready();
    console.output(emulator.url());
    if !args.listen.ip().is_loopback() {
        console.status(
            "warning: the emulator can be reached from other machines, and whoever reaches it can read and change \
             all that it has",
        );
        console.status(
            "  help: listen on 127.0.0.1; --serve-host NAME names the hosts that others may use",
        );
    }
    console.hint("Serving until Ctrl-C.");
    // Without its address nobody finds it.
    if !is_over && !Console::has_lost_output() {
        interrupt.await;
    }
    emulator.stop().await;
    Ok(Exit::Done)
}

/// A host name or address, without scheme and port.
fn host_name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let name = text.trim_matches(['[', ']']).trim_end_matches('.');
    if let Ok(address) = name.parse::<IpAddr>() {
        return Ok(address.to_string());
    }
    if !name.is_empty() && name.chars().all(plain) {
        Ok(name.to_ascii_lowercase())
    } else {
        Err("must be a host name such as emulator.internal, without scheme and port".to_owned())
    }
}

/// The first line of a file, without the blanks around it.
fn secret(file: &Path) -> Result<String, Failure> {
    let bytes = in_file::content(file).map_err(|error| {
        Failure::error(format!(
            "cannot read the client secret from `{}`: {error}",
            file.display()
        ))
    })?;
    let text = String::from_utf8_lossy(&bytes);
    match text.lines().next().map(str::trim) {
        Some(secret) if !secret.is_empty() => Ok(secret.to_owned()),
        _ => Err(Failure::error(format!(
            "the file `{}` holds no client secret on its first line",
            file.display()
        ))),
    }
}

impl From<EmulatorError> for Failure {
    fn from(error: EmulatorError) -> Self {
        let failure = Self::error(error.to_string());
        match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}

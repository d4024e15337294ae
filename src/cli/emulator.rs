//! `apicenter emulator`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::signals;
use crate::emulator::{Data, Emulator, EmulatorOptions, SERVER_SEED_DELAY, SERVER_SYNC_DELAY};

/// Serve a local API Center over HTTP, for tests and for other clients
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter emulator                                   on a free port, in memory
  apicenter emulator --listen 127.0.0.1:8181 --data emulator.redb
  apicenter emulator --throttle-rps 5 --fail-every 20  a service that has a bad day

Point a target at it with `cloud: {resourceManager: URL}`; any bearer token is accepted.")]
pub(super) struct Args {
    /// Address to listen on; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// Keep the state in this file; without it, in memory
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,

    /// Pause before every answer, in milliseconds
    #[arg(long, value_name = "MS", default_value = "0")]
    latency_ms: u64,

    /// Answer every Nth request with 500
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    fail_every: Option<u32>,

    /// Answer every Nth request with 500 although its work was done
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    fail_every_after: Option<u32>,

    /// Answer more than this many requests per second with 429
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    throttle_rps: Option<u32>,

    /// Most items on one page of a list
    #[arg(long, value_name = "N", default_value = "100", value_parser = clap::value_parser!(u32).range(1..))]
    page_size: u32,

    /// How long after its creation a service gets its sample API, in milliseconds
    #[arg(long, value_name = "MS")]
    seed_delay_ms: Option<u64>,

    /// How long operations that are polled take at least, in milliseconds
    #[arg(long, value_name = "MS", default_value = "0")]
    operation_delay_ms: u64,

    /// How long after a change integrations show it, in milliseconds
    #[arg(long, value_name = "MS")]
    sync_delay_ms: Option<u64>,

    /// How long after an integration is deleted what it brought in stays, in milliseconds
    #[arg(long, value_name = "MS")]
    unlink_delay_ms: Option<u64>,

    /// Let every managed identity read what APIs are imported from, without a role
    #[arg(long)]
    ignore_roles: bool,

    /// Export documents larger than this many bytes as a link
    #[arg(long, value_name = "BYTES", default_value = "1048576")]
    export_link_above: usize,
}

pub(super) async fn run(args: &Args, console: &Console) -> Result<Exit, Failure> {
    let options = EmulatorOptions {
        listen: args.listen,
        data: args.data.clone().map_or(Data::Memory, Data::File),
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
        ..EmulatorOptions::default()
    };
    let emulator = Emulator::start(options).await?;
    console.data(&format!("{}\n", emulator.url()));
    console.chat("Serving until Ctrl-C.");
    signals::interrupt().await;
    emulator.stop().await;
    Ok(Exit::Done)
}

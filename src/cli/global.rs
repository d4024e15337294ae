//! Flags of every command.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use super::complete;

use crate::workflow::{AllowedHosts, Auth, ConnectOptions, Parallelism};

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct GlobalArgs {
    /// Search for apicenter.yaml (or .yml) in this folder and the folders above it, instead of the working directory
    #[arg(
        short = 'C',
        long = "directory",
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        global = true,
        help_heading = "Global options"
    )]
    pub(super) directory: Option<PathBuf>,

    /// Which entry of spec.targets to use [default: spec.defaultTarget]
    #[arg(
        short,
        long,
        value_name = "NAME",
        add = complete::target(),
        global = true,
        help_heading = "Global options"
    )]
    pub(super) target: Option<String>,

    /// Keep the state of the embedded emulator in this file, instead of where the project says
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        help_heading = "Global options"
    )]
    pub(super) emulator_data: Option<PathBuf>,

    /// How to sign in to Azure; auto uses the first method that is set up [default: APICENTER_AUTH, or auto]
    #[arg(
        long,
        value_name = "METHOD",
        global = true,
        ignore_case = true,
        value_parser = auth_names(),
        help_heading = "Global options"
    )]
    pub(super) auth: Option<Auth>,

    /// Host of a custom cloud of the project that may get credentials; can be repeated [also: APICENTER_ALLOWED_HOSTS]
    #[arg(
        long = "allow-host",
        value_name = "HOST",
        global = true,
        value_parser = AllowedHosts::parse,
        help_heading = "Global options"
    )]
    pub(super) allow_hosts: Vec<AllowedHosts>,

    /// When to use colors
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        help_heading = "Global options"
    )]
    pub(super) color: ColorChoice,

    /// Show more: -v for each step and all of a plan, -vv for each request
    #[arg(short, long, action = clap::ArgAction::Count, global = true, help_heading = "Global options")]
    pub(super) verbose: u8,

    /// Show less: no progress and no hints
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Global options"
    )]
    pub(super) quiet: bool,

    /// Maximum number of concurrent requests, of reads, of writes and of imports [default: 64 reads, 16 writes, 16 imports]
    #[arg(long, value_name = "N", global = true, help_heading = "Global options",
          value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) parallelism: Option<u16>,
}

fn auth_names() -> impl TypedValueParser<Value = Auth> {
    PossibleValuesParser::new(Auth::names()).try_map(|name| name.parse::<Auth>())
}

/// When to use colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl GlobalArgs {
    /// How many requests are sent at once.
    pub(super) fn parallelism(&self) -> Parallelism {
        let chosen = self
            .parallelism
            .map(|number| Parallelism::of(usize::from(number)));
        chosen.unwrap_or_default()
    }

    /// How to connect to the target's service.
    pub(super) fn connect(&self) -> ConnectOptions {
        ConnectOptions {
            auth: self.auth,
            allowed_hosts: self
                .allow_hosts
                .iter()
                .fold(AllowedHosts::default(), AllowedHosts::and),
            parallelism: self.parallelism(),
        }
    }
}

//! `apicenter get`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::complete;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::get_services::{self, SERVICES};
use super::invocation::Invocation;
use super::list_format::OutputFormat;
use super::list_printer::ListPrinter;
use super::{project, signals, snapshot};
use crate::model::{Address, Condition, ListedResource, LiveState};
use crate::output::{Data, GetJson};
use crate::project::LoadedProject;
use crate::workflow::{
    self, Connection, Declarations, Details, GetRequest, Got, ListEvent, Manifests, Wanted,
};

/// List what is live: a line per resource, with who keeps it; nothing is changed
///
/// KIND is any word for a kind, singular or plural: apis, environments, metadata-schemas, versions, definitions,
/// deployments and so on; `all` is every kind, and `services` lists the services of the subscription. ADDRESS is that of
/// a resource and accepts globs. Without either, what is directly below the service is listed.
///
/// KEPT BY says who keeps a resource as it is: this repository declares it or has its marker on it, another owner has,
/// an integration synchronises it, or nobody does.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter get apis                              the APIs, each row as soon as it is known
  apicenter get api/orders -o yaml                its manifest, as export would write it
  apicenter get apis --where 'stage=production, metadata.tier!=gold'
  apicenter get apis --where keeper=nobody -o name
  apicenter get 'api/pay*/deployment/*' -o wide
  apicenter get services -t prod                  the services of the target's subscription

Conditions of --where:
  FIELD=VALUE, FIELD!=VALUE      equal or not; case does not matter
  FIELD~TEXT, FIELD!~TEXT        contains it or not
  FIELD<VALUE, <=, >, >=         numbers by value, other texts as they are sorted
  FIELD in (A,B), notin (A,B)    one of them, or none
  FIELD, !FIELD                  is set, or is not
A comma is \"and\", and so is another --where. Fields are those of a manifest (title, kind, server.type,
contacts.email), metadata.NAME, and address, name, stage, owner, keeper, createdAt, versions, deployments.")]
pub(super) struct Args {
    /// What to list
    #[arg(value_name = "KIND|ADDRESS", add = complete::kind_or_address())]
    what: Vec<String>,

    /// How to print it
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    output: OutputFormat,

    /// Only resources that meet this condition; can be repeated
    #[arg(long = "where", value_name = "EXPR")]
    conditions: Vec<String>,

    /// List what is in a file written by `apicenter snapshot`, without credentials or network
    #[arg(long, value_name = "SNAPSHOT")]
    from: Option<PathBuf>,

    /// With `services`: those of this subscription, instead of the target's
    #[arg(long, value_name = "ID", conflicts_with = "from")]
    subscription: Option<String>,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let conditions = conditions(&args.conditions)?;
    if args
        .what
        .iter()
        .any(|word| word.eq_ignore_ascii_case(SERVICES))
    {
        let [_] = args.what.as_slice() else {
            return Err(Failure::usage(format!(
                "`{SERVICES}` cannot be combined with other kinds"
            ))
            .help(format!(
                "apicenter get {SERVICES} lists the services of the subscription"
            )));
        };
        let subscription = args.subscription.as_deref();
        return get_services::run(subscription, args.output, &conditions, invocation).await;
    }
    if args.subscription.is_some() {
        return Err(
            Failure::usage("--subscription is for `apicenter get services`")
                .help("-t selects the target, whose service is listed"),
        );
    }
    let request = GetRequest {
        wanted: Wanted::parse(&args.what)?,
        details: details(args.output, &conditions),
        conditions,
    };
    // What an export would write depends on more than addresses.
    let project = Arc::new(match args.output {
        OutputFormat::Yaml => project::open_settings(invocation)?,
        _ => project::open_without_manifests(invocation)?,
    });
    let listing = Listing {
        project: &project,
        request: &request,
        format: args.output,
        console,
    };
    if let Some(file) = &args.from {
        return listing.print_saved(&snapshot::read(file, &project)?);
    }
    let declarations = Declarations::start(&project, &request);
    let connection = Connection::open(&project, global.connect(), environment).await?;
    let result = signals::or_interrupt(listing.print(declarations, &connection)).await;
    connection.close().await;
    result
}

/// The conditions of all expressions.
fn conditions(expressions: &[String]) -> Result<Vec<Condition>, Failure> {
    let parsed = expressions.iter().map(|text| Condition::parse(text));
    let parsed: Result<Vec<_>, _> = parsed.collect();
    match parsed {
        Ok(conditions) => Ok(conditions.into_iter().flatten().collect()),
        Err(error) => Err(Failure::usage(format!("--where: {error}"))
            .help("conditions look like stage=production, title~pay or 'tier in (gold,silver)'; see apicenter get --help")),
    }
}

/// What has to be read: nobody sees who keeps a resource of which only the name is printed.
fn details(format: OutputFormat, conditions: &[Condition]) -> Details {
    let shows = matches!(
        format,
        OutputFormat::Table | OutputFormat::Wide | OutputFormat::Json
    );
    let asks = |names: &dyn Fn(&str) -> bool| conditions.iter().any(|one| names(&one.field));
    Details {
        counts: shows || asks(&Wanted::is_counted),
        keeper: shows || asks(&|field| field.eq_ignore_ascii_case("keeper")),
    }
}

/// Prints a list.
struct Listing<'a> {
    project: &'a LoadedProject,
    request: &'a GetRequest,
    format: OutputFormat,
    console: &'a Console,
}

impl Listing<'_> {
    async fn print(
        &self,
        declarations: Declarations,
        connection: &Connection,
    ) -> Result<Exit, Failure> {
        let mut printer = ListPrinter::new(self.console, self.format);
        let mut on_event = |event: ListEvent<'_>| printer.on_event(event);
        let (project, request) = (self.project, self.request);
        let got = workflow::get(project, declarations, connection, request, &mut on_event).await?;
        if self.format == OutputFormat::Yaml {
            let wanted = self.manifest_addresses(printer.rows())?;
            let found = workflow::manifests(self.project, connection, &wanted).await?;
            return Ok(self.end_with_manifests(&printer, &got, &found));
        }
        Ok(self.end(&printer, &got))
    }

    fn print_saved(&self, live: &LiveState) -> Result<Exit, Failure> {
        let mut printer = ListPrinter::new(self.console, self.format);
        let mut on_event = |event: ListEvent<'_>| printer.on_event(event);
        let got = workflow::get_from(self.project, live, self.request, &mut on_event)?;
        if self.format == OutputFormat::Yaml {
            let wanted = self.manifest_addresses(printer.rows())?;
            let found = workflow::manifests_from(self.project, live, &wanted);
            return Ok(self.end_with_manifests(&printer, &got, &found));
        }
        Ok(self.end(&printer, &got))
    }

    fn manifest_addresses(&self, rows: &[ListedResource]) -> Result<BTreeSet<Address>, Failure> {
        let addresses = rows.iter().map(ListedResource::address);
        Ok(workflow::with_manifests(addresses)?)
    }

    fn end_with_manifests(&self, printer: &ListPrinter<'_>, got: &Got, found: &Manifests) -> Exit {
        if !found.texts.is_empty() {
            let texts = found.texts.iter().map(String::as_str);
            self.console.data(&Data::manifests(texts));
        }
        for note in &found.notes {
            self.console.hint(format!("note: {note}"));
        }
        // What is left out of many is as in an export; what was asked for by itself is missed.
        let wanted = &self.request.wanted;
        let (missed, left): (Vec<_>, Vec<_>) = found
            .left_out
            .iter()
            .partition(|(address, _)| wanted.names(address));
        for (_, why) in left {
            self.console.hint(format!("note: {why}"));
        }
        for (address, why) in &missed {
            Failure::error(format!("no manifest for {address}"))
                .help(why)
                .print(self.console);
        }
        let exit = self.end(printer, got);
        match missed.is_empty() {
            true => exit,
            false => Exit::Error,
        }
    }

    /// Names files that may declare something that looks like nobody's.
    fn hint_at_unclear(&self, files: &BTreeSet<String>) {
        const MOST_NAMED: usize = 3;
        if files.is_empty() {
            return;
        }
        let named: Vec<&str> = files.iter().map(String::as_str).take(MOST_NAMED).collect();
        let more = match files.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        self.console.hint(format!(
            "note: not readable: {}{more}; KEPT BY may be wrong for what is declared there (apicenter validate shows the errors)",
            named.join(", ")
        ));
    }

    /// Prints what is printed as a whole, and what was not found.
    fn end(&self, printer: &ListPrinter<'_>, got: &Got) -> Exit {
        if self.format == OutputFormat::Json {
            let (declared, sources) = self.project.declared();
            self.console.data(&Data::json(GetJson::of_resources(
                &self.project.options.target,
                printer.rows(),
                (&declared, sources),
                &got.not_listed,
            )));
        }
        for (path, why) in &got.not_listed {
            self.console
                .hint(format!("note: {path}: not looked at: {}", why.words()));
        }
        for pattern in &got.unmatched {
            self.console
                .hint(format!("note: no live resource matches {pattern}"));
        }
        if self.request.details.keeper {
            self.hint_at_unclear(&self.project.declared().0.unclear);
        }
        let service = &self.project.options.target.service.name;
        for (address, meant) in &got.missing {
            let message = format!("{address} does not exist in the service `{service}`");
            let mut failure = Failure::error(message);
            if let Some(meant) = meant {
                failure = failure.help(meant);
            }
            failure.print(self.console);
        }
        if !got.missing.is_empty() {
            return Exit::Error;
        }
        if printer.count() == 0 && got.unmatched.is_empty() {
            self.console.hint("No resources found.");
        }
        Exit::Done
    }
}

//! Which resource a finding about manifests is about, and which field.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Address, DesiredState, Diagnostic, Severity, SourceId};

/// Where the fields of resources are written.
type Fields<'a> = BTreeMap<(SourceId, usize), (&'a Address, &'a str)>;

/// Adds resource and field to findings that do not say so themselves: those of the place that they are at.
pub(super) fn attribute(findings: &mut [Diagnostic], desired: &DesiredState) {
    if findings.is_empty() {
        return;
    }
    let fields = fields(desired);
    for finding in findings {
        let Some(span) = finding.primary.as_ref().map(|label| label.span) else {
            add_first_concerned(finding);
            continue;
        };
        let place = (span.source, span.start);
        if let Some(&(address, path)) = fields.get(&place) {
            let is_of_it = finding.addresses.is_empty() || finding.addresses == [address.clone()];
            if finding.path.is_none() && is_of_it && !path.is_empty() {
                finding.path = Some(path.to_owned());
            }
            if finding.addresses.is_empty() {
                finding.addresses.push(address.clone());
            }
            continue;
        }
        // A place within a field, such as an item of a list in flow style.
        let before = fields.range(..place).next_back();
        let within = before.filter(|((source, _), _)| *source == span.source);
        match (within, finding.about.first()) {
            (Some((_, (address, _))), Some(top))
                if finding.addresses.is_empty() && address.is_below(top) =>
            {
                finding.addresses.push((*address).clone());
            }
            _ => add_first_concerned(finding),
        }
    }
}

/// Makes errors final where a part of a declaration was dropped: the service cannot be found to hold what was not
/// read, and no exemption can accept that it is missing.
pub(super) fn finalise_unread(findings: &mut [Diagnostic], desired: &DesiredState) {
    let unread = desired.unread.iter();
    let incomplete: BTreeSet<Address> = unread
        .flat_map(|address| std::iter::once(address.clone()).chain(address.ancestors()))
        .collect();
    for finding in findings {
        let is_error = finding.severity == Severity::Error;
        if is_error && finding.about.iter().any(|it| incomplete.contains(it)) {
            finding.about.clear();
        }
    }
}

fn add_first_concerned(finding: &mut Diagnostic) {
    if finding.addresses.is_empty() {
        finding.addresses.extend(finding.about.first().cloned());
    }
}

fn fields(desired: &DesiredState) -> Fields<'_> {
    let mut fields = Fields::new();
    for (address, declared) in &desired.resources {
        for (path, span) in declared.places.iter() {
            // Of a field and what it begins with, the innermost.
            let innermost = fields
                .entry((span.source, span.start))
                .or_insert((address, path));
            if innermost.0 == address && path.len() > innermost.1.len() {
                innermost.1 = path;
            }
        }
        if let Some(span) = declared.place {
            let place = (span.source, span.start);
            fields.entry(place).or_insert((address, ""));
        }
    }
    fields
}

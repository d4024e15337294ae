//! Where a service is called.

use std::collections::BTreeSet;

use super::bindings;
use super::view::Api;
use crate::document::breaking::findings::{Entry, Findings, Places, code, line};

/// Ports whose bindings are compared to find a port that was renamed, at most.
const MOST_CANDIDATES: usize = 20;

/// Compares the ports, and returns which bindings are the same.
pub(super) fn compare(
    before: &Api<'_>,
    after: &Api<'_>,
    findings: &mut Findings,
) -> BTreeSet<(usize, usize)> {
    let mut bindings = BTreeSet::new();
    for (name, node) in &before.bindings {
        bindings.extend(after.bindings.get(name).map(|other| (*node, *other)));
    }
    for (name, (node, ports)) in &before.services {
        let others = after.services.get(name);
        let elsewhere: Vec<usize> = after
            .services
            .values()
            .flat_map(|(_, ports)| ports.iter().copied())
            .collect();
        let mut lost = Vec::new();
        for port in ports {
            let own = others.map_or(&[][..], |(_, others)| others.as_slice());
            let found = counterpart((before, *port), after, own, &elsewhere);
            let Some(other) = found else {
                lost.push(*port);
                continue;
            };
            of_ports(before, after, (*port, other), findings);
            let both = binding(before, *port).zip(binding(after, other));
            bindings.extend(both.map(|((_, one), (_, other))| (one, other)));
        }
        if others.is_none() && lost.len() == ports.len() {
            let place = format!("service {}", line(name));
            let entry = Entry::new("port-removed", "service removed");
            let around = after.tree.place(0);
            let places = Places::removed(&before.tree.place(*node), Some(&around));
            findings.add(&place, entry.within(places));
            continue;
        }
        for port in lost {
            let place = format!("service {}", line(name));
            let entry = Entry::new(
                "port-removed",
                format!("port {} removed", code(port_name(before, port))),
            );
            let around = others.map(|(node, _)| after.tree.place(*node));
            let places = Places::removed(&before.tree.place(port), around.as_ref());
            findings.add(&place, entry.within(places));
        }
    }
    bindings
}

/// The port that is now what a port was: by name within its service, else by address and binding.
fn counterpart(
    (before, port): (&Api<'_>, usize),
    after: &Api<'_>,
    own: &[usize],
    elsewhere: &[usize],
) -> Option<usize> {
    let name = port_name(before, port);
    let named = own
        .iter()
        .find(|other| port_name(after, **other) == name)
        .copied();
    let is_there = |other: &usize| {
        let stated = address(before, port);
        stated.is_some() && stated == address(after, *other)
    };
    let there = || elsewhere.iter().copied().filter(is_there);
    let bound = |api, port| binding(api, port).map(|(name, _)| name);
    let moved = || there().find(|other| bound(before, port) == bound(after, *other));
    let alike = |other: &usize| are_bound_alike((before, port), (after, *other));
    let renamed = || there().take(MOST_CANDIDATES).find(alike);
    named.or_else(moved).or_else(renamed)
}

/// Whether the bindings of two ports say the same, whatever they are called.
fn are_bound_alike((before, port): (&Api<'_>, usize), (after, other): (&Api<'_>, usize)) -> bool {
    let Some(((_, was), (_, now))) = binding(before, port).zip(binding(after, other)) else {
        return false;
    };
    let mut differences = Findings::default();
    bindings::compare("", (before, was), (after, now), &mut differences);
    differences.len() == 0
}

fn of_ports(
    before: &Api<'_>,
    after: &Api<'_>,
    (one, other): (usize, usize),
    findings: &mut Findings,
) {
    let (was, now) = (address(before, one), address(after, other));
    if was == now {
        return;
    }
    let words = match (was, now) {
        (Some(was), Some(now)) => {
            format!("the address is {} now, and was {}", code(now), code(was))
        }
        (Some(was), None) => format!("the address {} is no longer listed", code(was)),
        (None, _) => return,
    };
    let place = format!("port {}", line(port_name(before, one)));
    let addresses = (
        Some(before.tree.address(one)),
        Some(after.tree.address(other)),
    );
    findings.push(&place, Entry::caution("server-removed", words), addresses);
}

fn port_name<'t>(api: &Api<'t>, port: usize) -> &'t str {
    api.tree.node(port).attribute("name").unwrap_or_default()
}

/// Where a port is.
fn address<'t>(api: &Api<'t>, port: usize) -> Option<&'t str> {
    let tree = api.tree;
    let own = tree.node(port).attribute("address");
    let inner = tree
        .node(port)
        .children
        .iter()
        .map(|child| tree.node(*child));
    let inner = inner.filter(|node| node.name.local == "address");
    let stated = own.or_else(|| inner.filter_map(|node| node.attribute("location")).next());
    stated.map(|address| address.trim().trim_end_matches('/'))
}

/// The binding of a port: its name, and the element.
fn binding<'t>(api: &Api<'t>, port: usize) -> Option<(&'t str, usize)> {
    let name = api.tree.node(port).qname("binding")?;
    let (name, node) = api.bindings.get_key_value(name.local.as_str())?;
    Some((*name, *node))
}

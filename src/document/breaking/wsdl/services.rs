//! Where a service is called.

use std::collections::BTreeSet;

use super::view::Api;
use crate::document::breaking::findings::{Entry, Findings, Places, code, line};

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
            let own = port_name(before, *port);
            let same = others.and_then(|(_, others)| {
                others.iter().find(|other| port_name(after, **other) == own)
            });
            let moved = || {
                let is_same = |other: &&usize| {
                    address(before, *port).is_some()
                        && address(before, *port) == address(after, **other)
                        && binding(before, *port).map(|(name, _)| name)
                            == binding(after, **other).map(|(name, _)| name)
                };
                elsewhere.iter().find(is_same)
            };
            let Some(other) = same.or_else(moved) else {
                lost.push(*port);
                continue;
            };
            of_ports(before, after, (*port, *other), findings);
            let both = binding(before, *port).zip(binding(after, *other));
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

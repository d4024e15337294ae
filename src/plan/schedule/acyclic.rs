//! Whether writes wait for each other in a cycle.

use crate::plan::model::{PerWrite, WriteId};

/// For each write, those that must be done before it.
pub(super) type Dependencies = PerWrite<Vec<WriteId>>;

/// Whether every write can be done after those it waits for.
pub(super) fn is_acyclic(dependencies: &Dependencies) -> bool {
    let mut ready = Vec::new();
    let mut open = dependencies.map(|_| 0_usize);
    let mut dependents = dependencies.map(|_| Vec::new());
    let mut count = 0;
    for (id, waits_for) in dependencies.iter() {
        count += 1;
        open[id] = waits_for.len();
        for &earlier in waits_for {
            dependents[earlier].push(id);
        }
        if waits_for.is_empty() {
            ready.push(id);
        }
    }
    let mut done = 0;
    while let Some(earlier) = ready.pop() {
        done += 1;
        for &later in &dependents[earlier] {
            open[later] -= 1;
            if open[later] == 0 {
                ready.push(later);
            }
        }
    }
    done == count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Writes of which the first `changes` are changes, with edges from the later to the earlier one.
    fn graph(changes: usize, count: usize, edges: &[(usize, usize)]) -> Dependencies {
        let id = |i: usize| match i.checked_sub(changes) {
            Some(preparation) => WriteId::Preparation(preparation),
            None => WriteId::Change(i),
        };
        let mut graph = Dependencies::filled(Vec::new(), changes, count - changes);
        for &(later, earlier) in edges {
            graph[id(later)].push(id(earlier));
        }
        graph
    }

    #[test]
    fn a_cycle_is_found_whatever_its_length() {
        assert!(is_acyclic(&graph(0, 0, &[])));
        assert!(is_acyclic(&graph(
            2,
            4,
            &[(1, 0), (2, 0), (2, 1), (3, 2), (3, 0)]
        )));
        assert!(!is_acyclic(&graph(1, 1, &[(0, 0)])));
        assert!(!is_acyclic(&graph(3, 4, &[(1, 0), (1, 3), (2, 1), (3, 2)])));
    }

    #[test]
    fn an_edge_that_is_there_twice_is_no_cycle() {
        assert!(is_acyclic(&graph(1, 2, &[(1, 0), (1, 0)])));
    }

    proptest! {
        #[test]
        fn edges_in_one_direction_never_make_a_cycle_and_one_way_back_does(
            changes in 0..6_usize,
            pairs in proptest::collection::vec((0..6_usize, 0..6_usize), 0..20),
        ) {
            let forward: Vec<_> = pairs.iter().copied().filter(|(later, earlier)| later > earlier).collect();
            prop_assert!(is_acyclic(&graph(changes, 6, &forward)));
            if let Some(&(later, earlier)) = forward.first() {
                let back = [forward.clone(), vec![(earlier, later)]].concat();
                prop_assert!(!is_acyclic(&graph(changes, 6, &back)));
            }
        }
    }
}

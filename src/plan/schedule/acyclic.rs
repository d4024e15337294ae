//! Whether a graph of writes has a cycle.

pub(super) fn is_acyclic(edges: &[Vec<usize>]) -> bool {
    let mut open: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut dependents = vec![Vec::new(); edges.len()];
    for (i, waits_for) in edges.iter().enumerate() {
        for &j in waits_for {
            dependents[j].push(i);
        }
    }
    let mut ready: Vec<usize> = (0..edges.len()).filter(|&i| open[i] == 0).collect();
    let mut done = 0;
    while let Some(j) = ready.pop() {
        done += 1;
        for &i in &dependents[j] {
            open[i] -= 1;
            if open[i] == 0 {
                ready.push(i);
            }
        }
    }
    done == edges.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_however_long() {
        assert!(is_acyclic(&[]));
        assert!(is_acyclic(&[vec![], vec![0], vec![0, 1], vec![2, 0]]));
        assert!(!is_acyclic(&[vec![0]]));
        assert!(!is_acyclic(&[vec![], vec![0, 3], vec![1], vec![2]]));
    }
}

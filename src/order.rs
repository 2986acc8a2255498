//! One sort for everything. The standard library's sorts are made anew for each type and comparison, and each weighs five
//! kilobytes of the first visit; nothing here is long enough to need their last bit of speed.

use std::cmp::Ordering;

/// Sorts; what compares equal keeps its order.
pub fn sort_by<T>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = order_of(list.len(), &|a, b| compare(&list[a], &list[b]));
    let mut taken: Vec<Option<T>> = std::mem::take(list).into_iter().map(Some).collect();
    list.extend(order.into_iter().filter_map(|at| taken[at].take()));
}

/// Sorts by a key; what has equal keys keeps its order.
pub fn sort_by_key<T, K: Ord>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(list, |a, b| key(a).cmp(&key(b)));
}

/// Of each of so many, its place among all; what compares equal keeps its order. For what is sorted again and again.
pub fn ranks(length: usize, compare: impl Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut ranks = vec![0; length];
    order_of(length, &compare).into_iter().enumerate().for_each(|(rank, at)| ranks[at] = rank);
    ranks
}

fn order_of(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_is_stable() {
        let mut list = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')];
        sort_by_key(&mut list, |(number, _)| *number);
        assert_eq!(list, [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
        sort_by(&mut list, |a, b| b.1.cmp(&a.1));
        assert_eq!(list, [(1, 'd'), (2, 'c'), (1, 'b'), (2, 'a')]);
    }

    #[test]
    fn ranks_are_places() {
        let names = ["c", "a", "c", "b"];
        assert_eq!(ranks(names.len(), |a, b| names[a].cmp(names[b])), [2, 0, 3, 1]);
    }
}

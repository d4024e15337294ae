//! Which channels, operations and messages are the same in both documents.

use std::collections::{BTreeMap, BTreeSet};

use super::view::{Channel, Message, Operation};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::tree::nameless;

/// For each of the first, the number of the second that is the same; each is used once.
type Pairs = Vec<Option<usize>>;

/// Pairs what has equal keys, where both are free.
fn join<K: Ord>(
    pairs: &mut Pairs,
    taken: &mut BTreeSet<usize>,
    was: Vec<Option<K>>,
    now: Vec<Option<K>>,
) {
    let mut free: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (at, key) in now.into_iter().enumerate().rev() {
        if let Some(key) = key.filter(|_| !taken.contains(&at)) {
            free.entry(key).or_default().push(at);
        }
    }
    for (at, key) in was.into_iter().enumerate() {
        if pairs[at].is_some() {
            continue;
        }
        let found = key.and_then(|key| free.get_mut(&key)).and_then(Vec::pop);
        if let Some(found) = found {
            taken.insert(found);
            pairs[at] = Some(found);
        }
    }
}

/// Channels by name and address, else by address, else by name.
pub(super) fn channels(was: &[Channel<'_>], now: &[Channel<'_>]) -> Pairs {
    let mut pairs = vec![None; was.len()];
    let mut taken = BTreeSet::new();
    let address = |channel: &Channel<'_>| channel.address.map(nameless);
    let both = |all: &[Channel<'_>]| -> Vec<_> {
        let key = |channel: &Channel<'_>| (channel.name.to_owned(), address(channel));
        all.iter().map(|channel| Some(key(channel))).collect()
    };
    join(&mut pairs, &mut taken, both(was), both(now));
    let addresses = |all: &[Channel<'_>]| all.iter().map(address).collect::<Vec<_>>();
    join(&mut pairs, &mut taken, addresses(was), addresses(now));
    let names = |all: &[Channel<'_>]| -> Vec<_> {
        all.iter()
            .map(|channel| Some(channel.name.to_owned()))
            .collect()
    };
    join(&mut pairs, &mut taken, names(was), names(now));
    pairs
}

/// Operations by name, channel and action, else by name, else by channel and action. The first have the numbers of
/// the channels that theirs are now.
pub(super) fn operations(was: &[(&Operation<'_>, Option<usize>)], now: &[Operation<'_>]) -> Pairs {
    let mut pairs = vec![None; was.len()];
    let mut taken = BTreeSet::new();
    let action = |operation: &Operation<'_>| operation.direction == Direction::Request;
    let name = |operation: &Operation<'_>| operation.name.map(str::to_owned);
    join(
        &mut pairs,
        &mut taken,
        was.iter()
            .map(|(one, channel)| name(one).map(|name| (name, *channel, action(one))))
            .collect(),
        now.iter()
            .map(|one| name(one).map(|name| (name, one.channel, action(one))))
            .collect(),
    );
    join(
        &mut pairs,
        &mut taken,
        was.iter().map(|(one, _)| name(one)).collect(),
        now.iter().map(name).collect(),
    );
    join(
        &mut pairs,
        &mut taken,
        was.iter()
            .map(|(one, channel)| Some((*channel, action(one))))
            .collect(),
        now.iter()
            .map(|one| Some((one.channel, action(one))))
            .collect(),
    );
    pairs
}

/// Messages by one of their names, else by what they say, else the only ones that there are.
pub(super) fn messages(was: &[Message<'_>], now: &[Message<'_>]) -> Pairs {
    let mut pairs = vec![None; was.len()];
    let mut taken = BTreeSet::new();
    let most = was
        .iter()
        .chain(now)
        .map(|message| message.names.len())
        .max();
    for at in 0..most.unwrap_or_default() {
        let names = |all: &[Message<'_>]| -> Vec<_> {
            all.iter()
                .map(|message| message.names.get(at).map(|name| (*name).to_owned()))
                .collect()
        };
        join(&mut pairs, &mut taken, names(was), names(now));
    }
    let word = |message: &Message<'_>| {
        message
            .fields
            .get("name")
            .and_then(|name| name.as_str())
            .map(str::to_owned)
    };
    join(
        &mut pairs,
        &mut taken,
        was.iter().map(word).collect(),
        now.iter().map(word).collect(),
    );
    let said = |message: &Message<'_>| {
        let said =
            ["payload", "headers"].map(|key| message.fields.get(key).map(ToString::to_string));
        said.iter().any(Option::is_some).then_some(said)
    };
    join(
        &mut pairs,
        &mut taken,
        was.iter().map(said).collect(),
        now.iter().map(said).collect(),
    );
    if let ([pair @ None], [_]) = (pairs.as_mut_slice(), now) {
        *pair = Some(0);
    }
    pairs
}

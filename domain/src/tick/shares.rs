//! Who goes first: shares of a tick for live activity, due wake-ups and bulk work.

/// Of a hundred people, how many are kept for due wake-ups while others wait.
const DUE_PERCENT: usize = 30;
/// Of a hundred people, how many are kept for bulk work while others wait.
const BULK_PERCENT: usize = 20;

/// How many of each kind a tick takes when so many wait; what one kind leaves goes to the others.
pub(super) fn shares(live: usize, due: usize, bulk: usize, all: usize) -> (usize, usize, usize) {
    let due_kept = due.min(all * DUE_PERCENT / 100);
    let bulk_kept = bulk.min(all * BULK_PERCENT / 100);
    let live_taken = live.min(all - due_kept - bulk_kept);
    let due_taken = due.min(all - live_taken - bulk_kept);
    let bulk_taken = bulk.min(all - live_taken - due_taken);
    (live_taken, due_taken, bulk_taken)
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn full_queues_get_their_shares() {
        assert_eq!(shares(9_000, 9_000, 9_000, 1_000), (500, 300, 200));
    }

    #[test]
    fn unused_shares_pass_on() {
        assert_eq!(shares(9_000, 0, 0, 1_000), (1_000, 0, 0));
        assert_eq!(shares(0, 9_000, 0, 1_000), (0, 1_000, 0));
        assert_eq!(shares(10, 9_000, 9_000, 1_000), (10, 790, 200));
        assert_eq!(shares(0, 0, 9_000, 1_000), (0, 0, 1_000));
    }

    #[test]
    fn a_tick_for_one_person_takes_one() {
        assert_eq!(shares(1, 1, 1, 1), (1, 0, 0));
        assert_eq!(shares(0, 1, 1, 1), (0, 1, 0));
    }
}

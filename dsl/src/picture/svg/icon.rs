//! Line art on a square of 24, one piece for each kind of step and clause.

pub(super) const ENVELOPE: &str = "M3 6H21V18H3ZM3.5 6.5L12 13.5L20.5 6.5";
pub(super) const BUBBLE: &str =
    "M4 4.5H20V15.5H11L6.5 20V15.5H4ZM8 10H8.01M12 10H12.01M16 10H16.01";
pub(super) const BELL: &str =
    "M5 17C7 15 6.5 12.5 6.5 10A5.5 5.5 0 0 1 17.5 10C17.5 12.5 17 15 19 17ZM10 20.5H14";
pub(super) const WINDOW: &str = "M3 5H21V19H3ZM3 9.5H21";
pub(super) const HASH: &str = "M9.5 4L7.5 20M16.5 4L14.5 20M4.5 9H20M4 15H19.5";
pub(super) const CLOCK: &str = "M12 3A9 9 0 1 0 12 21A9 9 0 1 0 12 3ZM12 7.5V12L15.5 14";
pub(super) const CALENDAR: &str = "M4 6H20V20H4ZM4 10.5H20M8.5 3.5V7.5M15.5 3.5V7.5";
pub(super) const SUNRISE: &str =
    "M3 18.5H21M6 18.5A6 6 0 0 1 18 18.5M12 4.5V8M4.5 9.5L6.5 11.5M19.5 9.5L17.5 11.5";
pub(super) const PULSE: &str = "M2.5 12H7L10 4L14 20L17 12H21.5";
pub(super) const PIN: &str = "M12 21V11M12 11A4 4 0 1 0 12 3A4 4 0 1 0 12 11ZM6.5 21H17.5";
pub(super) const FORK: &str = "M12 3V9M12 9L5 15.5V21M12 9L19 15.5V21";
pub(super) const LIST: &str = "M4 6H4.01M9 6H20M4 12H4.01M9 12H20M4 18H4.01M9 18H20";
pub(super) const SHARES: &str = "M12 3A9 9 0 1 0 21 12H12ZM16 3.9A9 9 0 0 1 20.1 8H16Z";
pub(super) const FLASK: &str = "M9 3.5H15M10 3.5V9.5L5 19.5H19L14 9.5V3.5M7.8 14.5H16.2";
pub(super) const ROUNDS: &str = "M19.5 12A7.5 7.5 0 1 1 16.5 6M17 2.5V6.5H13";
pub(super) const PENCIL: &str = "M4 20L5 15.5L16 4.5L19.5 8L8.5 19ZM13.5 7L17 10.5";
pub(super) const CROSS: &str = "M6 6L18 18M18 6L6 18";
pub(super) const PLUS: &str = "M12 5V19M5 12H19";
pub(super) const MINUS: &str = "M5 12H19";
pub(super) const PERSON_IN: &str = "M9 11A3.5 3.5 0 1 0 9 4A3.5 3.5 0 1 0 9 11ZM2.5 20C2.5 16 5 14.5 9 14.5S15.5 16 15.5 20M19 8V14M16 11H22";
pub(super) const PERSON_OUT: &str = "M9 11A3.5 3.5 0 1 0 9 4A3.5 3.5 0 1 0 9 11ZM2.5 20C2.5 16 5 14.5 9 14.5S15.5 16 15.5 20M16 11H22";
pub(super) const TAG_IN: &str = "M4 4H11L20 13L13 20L4 11ZM8.5 12L11 14.5L15 9.5";
pub(super) const TAG_OUT: &str = "M4 4H11L20 13L13 20L4 11ZM9 9L14 14";
pub(super) const BAN: &str = "M12 3A9 9 0 1 0 12 21A9 9 0 1 0 12 3ZM5.8 5.8L18.2 18.2";
pub(super) const LENS: &str =
    "M10.5 4A6.5 6.5 0 1 0 10.5 17A6.5 6.5 0 1 0 10.5 4ZM15.5 15.5L20.5 20.5";
pub(super) const WAVES: &str = "M12 12H12.01M8.5 15.5A5 5 0 0 1 8.5 8.5M15.5 8.5A5 5 0 0 1 15.5 15.5M5.5 18.5A9.2 9.2 0 0 1 5.5 5.5M18.5 5.5A9.2 9.2 0 0 1 18.5 18.5";
pub(super) const PLUG: &str = "M8 3V8M16 3V8M5 8H19V11A7 7 0 0 1 5 11ZM12 18V21.5";
pub(super) const PLAY: &str = "M7 4.5L19 12L7 19.5Z";
pub(super) const QUOTE: &str = "M5 4H19V20H5ZM8.5 9H15.5M8.5 13H13.5";
pub(super) const DOOR_OUT: &str = "M13 4H5V20H13M10 12H21M17 8L21 12L17 16";
pub(super) const DOOR_IN: &str = "M11 4H19V20H11M3 12H14M10 8L14 12L10 16";
pub(super) const CHECK: &str = "M5 12.5L10 17.5L19.5 7";
pub(super) const PERSON: &str = "M12 11.5A4.2 4.2 0 1 0 12 3.1A4.2 4.2 0 1 0 12 11.5ZM4 21C4 16.5 7.5 14.8 12 14.8S20 16.5 20 21";
pub(super) const BOLT: &str = "M13.5 3L5 14H11.5L10.5 21L19 10H12.5Z";
pub(super) const FUNNEL: &str = "M4 5H20L14 12.5V19L10 17V12.5Z";
pub(super) const CIRCLE_ARROWS: &str =
    "M4 11A8 8 0 0 1 18.5 7L20 8.5M20 4V8.5H15.5M20 13A8 8 0 0 1 5.5 17L4 15.5M4 20V15.5H8.5";
pub(super) const TAG: &str = "M4 4H12L20.5 12.5L12.5 20.5L4 12ZM8 8H8.01";
pub(super) const FLAG: &str = "M6 21V4M6 4.5H18L15 9L18 13.5H6";
pub(super) const GAUGE: &str = "M4 18A9 9 0 1 1 20 18M12 14L16 9";
pub(super) const SHIELD: &str = "M12 3L19.5 6V12C19.5 16.5 16 19.5 12 21C8 19.5 4.5 16.5 4.5 12V6Z";

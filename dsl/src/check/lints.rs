//! Warnings: what is allowed and probably not meant. Each is silent where it cannot be sure.

mod constant;
mod endless_wait;
mod membership;
mod nobody;
mod path;
mod way;

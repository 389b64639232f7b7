//! The filter that writes JSON.

use super::Env;
use crate::error::Fault;
use crate::value::Val;

pub(super) fn json<'a>(
    input: &Val<'a>,
    _: &[Val<'a>],
    env: &mut Env<'_>,
) -> Result<Val<'a>, Fault> {
    env.budget.json(input).map(Val::from)
}

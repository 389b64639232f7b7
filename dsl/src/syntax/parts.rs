//! A file in parts: no block goes on past the head of a declaration, so what stands between two
//! heads can be parsed alone, and the memory for it is used again.

use std::ops::Range;

use super::balance::BLOCK_KINDS;
use super::scan::{Piece, PieceKind};

/// Bytes of a part, as long as a head can be found behind them.
const PART_BYTES_MIN: usize = 16 * 1024;

/// The parts of the text, each but the first with the head of a declaration at the beginning of
/// its first line.
pub(super) fn parts(text: &str, pieces: &[Piece]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (index, piece) in pieces.iter().enumerate() {
        if piece.start < start + PART_BYTES_MIN || piece.kind != PieceKind::Other {
            continue;
        }
        let begins_line = text.get(..piece.start).is_some_and(|before| before.ends_with('\n'));
        if begins_line && is_head(text, pieces.get(index..).unwrap_or_default()) {
            parts.push(start..piece.start);
            start = piece.start;
        }
    }
    parts.push(start..text.len());
    parts
}

/// Whether these pieces are the head of a declaration, and nothing else could begin like this.
fn is_head(text: &str, line: &[Piece]) -> bool {
    let said = |piece: &Piece| text.get(piece.start..piece.end).unwrap_or_default();
    let mut rest =
        line.iter().filter(|piece| piece.kind != PieceKind::Blank || said(piece).contains('\n'));
    let (Some(word), Some(second)) = (rest.next().map(said), rest.next()) else {
        return false;
    };
    if word == "workspace" {
        return second.kind == PieceKind::Sign('{');
    }
    let is_name = second.kind == PieceKind::Text
        && said(second).starts_with('"')
        && !said(second).contains('\n');
    if !is_name {
        return false;
    }
    if word == "segment" {
        return rest.next().map(said).is_some_and(|sign| matches!(sign, "=" | "manual"));
    }
    let end = rest.find(|piece| !matches!(piece.kind, PieceKind::Other | PieceKind::Text));
    BLOCK_KINDS.contains(&word) && end.is_some_and(|end| end.kind == PieceKind::Sign('{'))
}

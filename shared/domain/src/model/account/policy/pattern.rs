//! Runs and repetitions: text of which little has to be known to write all of it.

/// Keys side by side, on keyboards of most of Europe and America. A sign is the digit of its key.
const ROWS: &[&[u8]] = &[
    b"1234567890",
    b"qwertyuiop",
    b"asdfghjkl",
    b"zxcvbnm",
    b"qwertzuiop",
    b"yxcvbnm",
    b"azertyuiop",
    b"qsdfghjklm",
    b"wxcvbn",
];

/// Keys one below the other.
const COLUMNS: &[&[u8]] =
    &[b"1qaz", b"2wsx", b"3edc", b"4rfv", b"5tgb", b"6yhn", b"7ujm", b"8ik", b"9ol", b"0p"];

/// For each key a bit for each that follows it.
type Next = [u128; 128];

const NEXT_IN_ROW: Next = next(ROWS);
const NEXT_IN_COLUMN: Next = next(COLUMNS);

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which stops at an error")]
const fn next(sequences: &[&[u8]]) -> Next {
    let mut next = [0; 128];
    let mut sequence = 0;
    while sequence < sequences.len() {
        let keys = sequences[sequence];
        let mut at = 1;
        while at < keys.len() {
            next[keys[at - 1] as usize] |= 1 << keys[at];
            at += 1;
        }
        sequence += 1;
    }
    next
}

// What leads from one character to the next, a bit each. A run has one of them throughout.
const SAME: u8 = 1;
const IN_ROW: u8 = 1 << 1;
const IN_COLUMN: u8 = 1 << 2;
const IN_ALPHABET: u8 = 1 << 3;
/// So much higher are the bits of the same steps backwards.
const BACKWARDS: u8 = 3;

/// Shorter ones come about by chance.
const SHORTEST_RUN: usize = 3;

/// The digit on the key of a sign.
fn key(c: char) -> char {
    match c {
        '!' => '1',
        '@' => '2',
        '#' => '3',
        '$' => '4',
        '%' => '5',
        '^' => '6',
        '&' => '7',
        '*' => '8',
        '(' => '9',
        ')' => '0',
        other => other,
    }
}

/// The sequences in which one character comes right after another.
fn follows(before: char, after: char) -> u8 {
    let at = usize::try_from(u32::from(before)).unwrap_or(usize::MAX);
    let bit = 1_u128.checked_shl(u32::from(after)).unwrap_or_default();
    let is_next = |next: &Next| next.get(at).is_some_and(|next| next & bit != 0);
    let is_letter = before.is_alphanumeric() && after.is_alphanumeric();
    let is_next_letter = is_letter && u32::from(before).checked_add(1) == Some(u32::from(after));
    [
        (is_next(&NEXT_IN_ROW), IN_ROW),
        (is_next(&NEXT_IN_COLUMN), IN_COLUMN),
        (is_next_letter, IN_ALPHABET),
    ]
    .into_iter()
    .map(|(is_one, step)| if is_one { step } else { 0 })
    .sum()
}

fn steps(before: char, after: char) -> u8 {
    let (before, after) = (key(before), key(after));
    let same = if before == after { SAME } else { 0 };
    same | follows(before, after) | follows(after, before) << BACKWARDS
}

/// How many characters at the beginning are a run: one character again and again, or neighbours in
/// one row or column of the keyboard or in an alphabet, in one direction.
fn run(text: &[char]) -> usize {
    let mut possible = u8::MAX;
    let pairs = text.iter().zip(text.iter().skip(1));
    let more = pairs.take_while(|(before, after)| {
        possible &= steps(**before, **after);
        possible != 0
    });
    more.count() + usize::from(!text.is_empty())
}

/// How many characters at the beginning are a year of somebody who lives.
fn year(text: &[char]) -> usize {
    match text {
        ['1', '9', a, b, ..] | ['2', '0', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit() => {
            4
        }
        _ => 0,
    }
}

/// How many pieces a text has, where `piece` says how many characters at the beginning are one; a
/// character on its own is one.
fn pieces(mut text: &[char], piece: impl Fn(&[char]) -> usize) -> usize {
    let mut count = 0;
    while !text.is_empty() {
        let length = piece(text);
        let length = if length < SHORTEST_RUN { 1 } else { length };
        text = text.get(length..).unwrap_or_default();
        count += 1;
    }
    count
}

/// How many things somebody who guesses has to get right: a run and a year are one each.
pub(super) fn weight(text: &str) -> usize {
    let text: Vec<char> = text.chars().collect();
    pieces(&text, |text| run(text).max(year(text)))
}

/// Whether a text is a run, or a few of them: three characters and more each.
pub(super) fn is_run(text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    text.len() >= SHORTEST_RUN && pieces(&text, run) * SHORTEST_RUN <= text.len()
}

/// What a text repeats, at least twice and perhaps begun once more at its end: the shortest such
/// piece, of `longest` characters at most.
pub(super) fn repeated(text: &str, longest: usize) -> Option<&str> {
    let length = text.chars().count();
    let starts = text.char_indices().map(|(at, _)| at).enumerate().skip(1);
    let mut pieces = starts.take_while(|(piece, _)| *piece <= longest && piece * 2 <= length);
    let (_, end) = pieces
        .find(|(piece, _)| text.chars().zip(text.chars().skip(*piece)).all(|(a, b)| a == b))?;
    text.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_on_a_row_in_an_alphabet_or_among_digits_in_one_direction() {
        for run in [
            "qwertyuiop",
            "poiuytrewq",
            "asdfghjkl",
            "qwertzuiop",
            "azertyuiop",
            "12345678",
            "0987654321",
            "abcdefgh",
            "zyxwvuts",
            "!@#$%^&*",
            "1qaz2wsx",
            "zaq1xsw2",
            "абвгдежз",
            "78901234",
            "abcd1234",
            "qwe123asd",
            "aaabbbccc",
            "00000000",
            "!!!!!!!!",
        ] {
            assert!(is_run(run), "{run}");
        }
        for other in [
            "qwepoixy", "abababab", "acegikmo", "19842003", "65659098", "wefgdcvw", "ab12cd34", "",
            "ab",
        ] {
            assert!(!is_run(other), "{other}");
        }
    }

    #[test]
    fn a_run_and_a_year_weigh_as_one_character() {
        for (text, weighs) in [
            ("", 0),
            ("x", 1),
            ("12", 2),
            ("123", 1),
            ("2024", 1),
            ("2024!", 2),
            ("!!!", 1),
            ("x7q", 3),
        ] {
            assert_eq!(weight(text), weighs, "{text}");
        }
    }

    #[test]
    fn a_repetition_is_known_by_its_shortest_piece() {
        for (text, piece) in [
            ("aaaaaaaa", Some("a")),
            ("kw7kw7kw7", Some("kw7")),
            ("kw7kw7kw", Some("kw7")),
            ("日本日本日", Some("日本")),
            ("kw7kw", None),
            ("violetviolet", Some("violet")),
            ("", None),
        ] {
            assert_eq!(repeated(text, 7), piece, "{text}");
        }
        assert_eq!(repeated("violetviolet", 5), None);
    }
}

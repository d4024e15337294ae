//! Damaged variants of valid inputs, the same for the same seed.

/// What is put into an input: signs of the notations, and numbers and texts that programs stumble over.
const TOKENS: [&str; 44] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "'",
    "\n",
    "\r",
    "\t",
    " ",
    "- ",
    "&a ",
    "*a",
    "!!str ",
    "|\n",
    ">-\n",
    "%",
    "#",
    "<<: ",
    "---\n",
    "...\n",
    "null",
    "-1",
    "1e999",
    "18446744073709551616",
    "0x",
    "~",
    "\\u0000",
    "\\ud800",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[",
    "$ref",
    "${",
    "<!ENTITY a \"b\">",
    "<![CDATA[",
    "message ",
    "extend ",
    "../../",
    "/",
    "é👍",
    "\0",
];

/// An endless list of inputs.
pub(super) struct Inputs {
    seeds: &'static [&'static str],
    state: u64,
}

impl Inputs {
    pub(super) fn new(seeds: &'static [&'static str], seed: u64) -> Self {
        Self {
            seeds,
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        }
    }

    /// A number below `end` (xorshift).
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % end.max(1) as u64) as usize
    }

    /// The next input: a seed with some damage.
    pub(super) fn next(&mut self) -> Vec<u8> {
        let seeds = self.seeds;
        let seed = seeds[self.below(seeds.len())];
        self.damaged(seed.as_bytes())
    }

    /// An input with some damage.
    pub(super) fn damaged(&mut self, input: &[u8]) -> Vec<u8> {
        let mut input = input.to_vec();
        for _ in 0..=self.below(6) {
            self.damage(&mut input);
        }
        input.truncate(20_000);
        input
    }

    fn damage(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = (at + self.below(40)).min(input.len());
        match self.below(8) {
            0 => drop(input.drain(at..end)),
            1 => input.truncate(at),
            2 => {
                let copy = input[at..end].to_vec();
                let times = self.below(50);
                let many: Vec<u8> = copy
                    .iter()
                    .copied()
                    .cycle()
                    .take(copy.len() * times)
                    .collect();
                drop(input.splice(at..at, many));
            }
            3 if at < input.len() => input[at] ^= 1 << self.below(8),
            4 => {
                let other = self.seeds[self.below(self.seeds.len())].as_bytes();
                let from = self.below(other.len());
                drop(input.splice(at..at, other[from..].iter().copied()));
            }
            _ => {
                let token = TOKENS[self.below(TOKENS.len())];
                drop(input.splice(at..at, token.bytes()));
            }
        }
    }
}

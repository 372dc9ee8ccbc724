//! Precision and recall over all thresholds, as a picture.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use msp365_match::Pair;

use super::judged::{Truth, share};

/// How good it would be to link everything from some score on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The least score that is linked.
    pub score: f64,
    /// The share of links that are right.
    pub precision: f64,
    /// The share of things, of those that both sides have, that are linked rightly.
    pub recall: f64,
}

/// The best row of each record, from the highest score down, as points of a curve.
pub fn curve(truth: &Truth<'_>, pairs: &[Pair]) -> Vec<Point> {
    let mut best: Vec<&Pair> = pairs
        .chunk_by(|one, other| one.ours == other.ours)
        .filter_map(<[Pair]>::first)
        .filter(|pair| pair.theirs.is_some())
        .collect();
    best.sort_by(|one, other| other.score.total_cmp(&one.score));
    let wanted: HashSet<usize> = truth.both.iter().map(|(thing, _)| *thing).collect();
    let (mut linked, mut right) = (0, 0);
    let mut found: HashSet<usize> = HashSet::new();
    let mut points: HashMap<u64, Point> = HashMap::new();
    for pair in best {
        linked += 1;
        if truth.is_right(pair) {
            right += 1;
            found.extend(
                truth
                    .ours
                    .get(&pair.ours)
                    .copied()
                    .filter(|thing| wanted.contains(thing)),
            );
        }
        points.insert(
            pair.score.to_bits(),
            Point {
                score: pair.score,
                precision: share(right, linked),
                recall: share(found.len(), wanted.len()),
            },
        );
    }
    let mut points: Vec<Point> = points.into_values().collect();
    points.sort_by(|one, other| other.score.total_cmp(&one.score));
    points
}

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 56.0;
const TOP: f64 = 40.0;
/// The least share that is drawn: below, nothing is usable.
const FLOOR: f64 = 0.5;

/// Both curves over the threshold as an SVG picture with this title.
pub fn svg(title: &str, points: &[Point]) -> String {
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.0} {:.0}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"{LEFT:.0}\" y=\"22\" font-size=\"15\">{title}</text>\n",
        WIDTH + LEFT + 24.0,
        HEIGHT + TOP + 48.0
    );
    for step in 0..=10 {
        let part = f64::from(step) / 10.0;
        let (x, y) = (LEFT + part * WIDTH, TOP + (1.0 - part) * HEIGHT);
        let value = FLOOR + part * (1.0 - FLOOR);
        let _ = writeln!(
            picture,
            "<path d=\"M{LEFT:.0} {y:.1}h{WIDTH:.0}M{x:.1} {TOP:.0}v{HEIGHT:.0}\" stroke=\"#ddd\" fill=\"none\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value:.2}</text>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{part:.1}</text>",
            LEFT - 6.0,
            y + 4.0,
            TOP + HEIGHT + 16.0
        );
    }
    let mut line = |name: &str, colour: &str, at: f64, value: &dyn Fn(&Point) -> f64| {
        let mut path = String::new();
        for (number, point) in points.iter().enumerate() {
            let x = LEFT + point.score * WIDTH;
            let y = TOP + (1.0 - ((value(point) - FLOOR) / (1.0 - FLOOR)).clamp(0.0, 1.0)) * HEIGHT;
            let _ = write!(path, "{}{x:.1} {y:.1}", if number == 0 { "M" } else { "L" });
        }
        let _ = writeln!(
            picture,
            "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"2\" fill=\"none\"/>\
             <text x=\"{at:.0}\" y=\"{:.0}\" fill=\"{colour}\">{name}</text>",
            TOP + HEIGHT + 38.0
        );
    };
    line("precision", "#1f6fb2", LEFT, &|point| point.precision);
    line("recall", "#b2521f", LEFT + 90.0, &|point| point.recall);
    let _ = writeln!(
        picture,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">least score that is linked</text>\n</svg>",
        LEFT + WIDTH,
        TOP + HEIGHT + 38.0
    );
    picture
}

//! Colours as CSS writes them: hexadecimal, names, `rgb()` and `hsl()`. A crate for it would bring all of CSS Color 4 and
//! trigonometry, twelve kilobytes of the first visit; layer files have only these.

use super::score::number;

/// Red, green, blue and alpha; `None` for what is no colour.
pub fn parse(text: &str) -> Option<[u8; 4]> {
    let text = text.trim().to_ascii_lowercase();
    if text == "transparent" {
        return Some([0, 0, 0, 0]);
    }
    if let Some(digits) = text.strip_prefix('#') {
        return hexadecimal(digits);
    }
    if let Some((name, arguments)) = text.split_once('(') {
        return function(name.trim(), arguments.strip_suffix(')')?);
    }
    let named = NAMES.iter().find(|(name, _)| *name == text);
    match named {
        Some((_, number)) => Some([(number >> 16) as u8, (number >> 8) as u8, *number as u8, u8::MAX]),
        None => hexadecimal(&text),
    }
}

fn hexadecimal(digits: &str) -> Option<[u8; 4]> {
    let values: Vec<u8> = digits
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
        .collect::<Option<_>>()?;
    match values.as_slice() {
        [r, g, b] => Some([r * 17, g * 17, b * 17, u8::MAX]),
        [r, g, b, a] => Some([r * 17, g * 17, b * 17, a * 17]),
        [r, r2, g, g2, b, b2] => Some([r * 16 + r2, g * 16 + g2, b * 16 + b2, u8::MAX]),
        [r, r2, g, g2, b, b2, a, a2] => Some([r * 16 + r2, g * 16 + g2, b * 16 + b2, a * 16 + a2]),
        _ => None,
    }
}

/// `rgb(255, 102, 102)`, `rgba(255 102 102 / 50%)`, `hsl(0, 100%, 70%)`: with commas or without.
fn function(name: &str, arguments: &str) -> Option<[u8; 4]> {
    let parts: Vec<&str> = arguments
        .split(|c: char| c == ',' || c == '/' || c.is_ascii_whitespace())
        .filter(|part| !part.is_empty())
        .collect();
    let ([first, second, third] | [first, second, third, _]) = parts.as_slice() else { return None };
    let alpha = parts.get(3).map_or(Some(1.0), |alpha| share(alpha, 1.0))?;
    let [r, g, b] = match name {
        "rgb" | "rgba" => [share(first, 255.0)?, share(second, 255.0)?, share(third, 255.0)?],
        "hsl" | "hsla" => hsl(number(first.trim_end_matches("deg"))?, share(second, 1.0)?, share(third, 1.0)?),
        _ => return None,
    };
    Some([r, g, b, alpha].map(byte))
}

/// A number of at most `whole`, or a percentage of it, as a share from 0 to 1.
fn share(text: &str, whole: f64) -> Option<f64> {
    let (digits, whole) = match text.strip_suffix('%') {
        Some(digits) => (digits, 100.0),
        None => (text, whole),
    };
    Some((number(digits)? / whole).clamp(0.0, 1.0))
}

/// CSS Color 4, "HSL colors: converting to sRGB".
fn hsl(hue: f64, saturation: f64, lightness: f64) -> [f64; 3] {
    let channel = |n: f64| {
        let k = (n + hue.rem_euclid(360.0) / 30.0).rem_euclid(12.0);
        let a = saturation * lightness.min(1.0 - lightness);
        lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    };
    [channel(0.0), channel(8.0), channel(4.0)]
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a share times 255 is a byte
fn byte(share: f64) -> u8 {
    (share * 255.0).round() as u8
}

/// CSS Color 4, "Named colors".
const NAMES: &[(&str, u32)] = &[
    ("aliceblue", 0xf0f8ff),
    ("antiquewhite", 0xfaebd7),
    ("aqua", 0x00ffff),
    ("aquamarine", 0x7fffd4),
    ("azure", 0xf0ffff),
    ("beige", 0xf5f5dc),
    ("bisque", 0xffe4c4),
    ("black", 0x000000),
    ("blanchedalmond", 0xffebcd),
    ("blue", 0x0000ff),
    ("blueviolet", 0x8a2be2),
    ("brown", 0xa52a2a),
    ("burlywood", 0xdeb887),
    ("cadetblue", 0x5f9ea0),
    ("chartreuse", 0x7fff00),
    ("chocolate", 0xd2691e),
    ("coral", 0xff7f50),
    ("cornflowerblue", 0x6495ed),
    ("cornsilk", 0xfff8dc),
    ("crimson", 0xdc143c),
    ("cyan", 0x00ffff),
    ("darkblue", 0x00008b),
    ("darkcyan", 0x008b8b),
    ("darkgoldenrod", 0xb8860b),
    ("darkgray", 0xa9a9a9),
    ("darkgreen", 0x006400),
    ("darkgrey", 0xa9a9a9),
    ("darkkhaki", 0xbdb76b),
    ("darkmagenta", 0x8b008b),
    ("darkolivegreen", 0x556b2f),
    ("darkorange", 0xff8c00),
    ("darkorchid", 0x9932cc),
    ("darkred", 0x8b0000),
    ("darksalmon", 0xe9967a),
    ("darkseagreen", 0x8fbc8f),
    ("darkslateblue", 0x483d8b),
    ("darkslategray", 0x2f4f4f),
    ("darkslategrey", 0x2f4f4f),
    ("darkturquoise", 0x00ced1),
    ("darkviolet", 0x9400d3),
    ("deeppink", 0xff1493),
    ("deepskyblue", 0x00bfff),
    ("dimgray", 0x696969),
    ("dimgrey", 0x696969),
    ("dodgerblue", 0x1e90ff),
    ("firebrick", 0xb22222),
    ("floralwhite", 0xfffaf0),
    ("forestgreen", 0x228b22),
    ("fuchsia", 0xff00ff),
    ("gainsboro", 0xdcdcdc),
    ("ghostwhite", 0xf8f8ff),
    ("gold", 0xffd700),
    ("goldenrod", 0xdaa520),
    ("gray", 0x808080),
    ("green", 0x008000),
    ("greenyellow", 0xadff2f),
    ("grey", 0x808080),
    ("honeydew", 0xf0fff0),
    ("hotpink", 0xff69b4),
    ("indianred", 0xcd5c5c),
    ("indigo", 0x4b0082),
    ("ivory", 0xfffff0),
    ("khaki", 0xf0e68c),
    ("lavender", 0xe6e6fa),
    ("lavenderblush", 0xfff0f5),
    ("lawngreen", 0x7cfc00),
    ("lemonchiffon", 0xfffacd),
    ("lightblue", 0xadd8e6),
    ("lightcoral", 0xf08080),
    ("lightcyan", 0xe0ffff),
    ("lightgoldenrodyellow", 0xfafad2),
    ("lightgray", 0xd3d3d3),
    ("lightgreen", 0x90ee90),
    ("lightgrey", 0xd3d3d3),
    ("lightpink", 0xffb6c1),
    ("lightsalmon", 0xffa07a),
    ("lightseagreen", 0x20b2aa),
    ("lightskyblue", 0x87cefa),
    ("lightslategray", 0x778899),
    ("lightslategrey", 0x778899),
    ("lightsteelblue", 0xb0c4de),
    ("lightyellow", 0xffffe0),
    ("lime", 0x00ff00),
    ("limegreen", 0x32cd32),
    ("linen", 0xfaf0e6),
    ("magenta", 0xff00ff),
    ("maroon", 0x800000),
    ("mediumaquamarine", 0x66cdaa),
    ("mediumblue", 0x0000cd),
    ("mediumorchid", 0xba55d3),
    ("mediumpurple", 0x9370db),
    ("mediumseagreen", 0x3cb371),
    ("mediumslateblue", 0x7b68ee),
    ("mediumspringgreen", 0x00fa9a),
    ("mediumturquoise", 0x48d1cc),
    ("mediumvioletred", 0xc71585),
    ("midnightblue", 0x191970),
    ("mintcream", 0xf5fffa),
    ("mistyrose", 0xffe4e1),
    ("moccasin", 0xffe4b5),
    ("navajowhite", 0xffdead),
    ("navy", 0x000080),
    ("oldlace", 0xfdf5e6),
    ("olive", 0x808000),
    ("olivedrab", 0x6b8e23),
    ("orange", 0xffa500),
    ("orangered", 0xff4500),
    ("orchid", 0xda70d6),
    ("palegoldenrod", 0xeee8aa),
    ("palegreen", 0x98fb98),
    ("paleturquoise", 0xafeeee),
    ("palevioletred", 0xdb7093),
    ("papayawhip", 0xffefd5),
    ("peachpuff", 0xffdab9),
    ("peru", 0xcd853f),
    ("pink", 0xffc0cb),
    ("plum", 0xdda0dd),
    ("powderblue", 0xb0e0e6),
    ("purple", 0x800080),
    ("rebeccapurple", 0x663399),
    ("red", 0xff0000),
    ("rosybrown", 0xbc8f8f),
    ("royalblue", 0x4169e1),
    ("saddlebrown", 0x8b4513),
    ("salmon", 0xfa8072),
    ("sandybrown", 0xf4a460),
    ("seagreen", 0x2e8b57),
    ("seashell", 0xfff5ee),
    ("sienna", 0xa0522d),
    ("silver", 0xc0c0c0),
    ("skyblue", 0x87ceeb),
    ("slateblue", 0x6a5acd),
    ("slategray", 0x708090),
    ("slategrey", 0x708090),
    ("snow", 0xfffafa),
    ("springgreen", 0x00ff7f),
    ("steelblue", 0x4682b4),
    ("tan", 0xd2b48c),
    ("teal", 0x008080),
    ("thistle", 0xd8bfd8),
    ("tomato", 0xff6347),
    ("turquoise", 0x40e0d0),
    ("violet", 0xee82ee),
    ("wheat", 0xf5deb3),
    ("white", 0xffffff),
    ("whitesmoke", 0xf5f5f5),
    ("yellow", 0xffff00),
    ("yellowgreen", 0x9acd32),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_in_every_way_that_layer_files_write_them() {
        let cases = [
            ("#f66", Some([255, 102, 102, 255])),
            ("#f668", Some([255, 102, 102, 136])),
            ("#ff6666", Some([255, 102, 102, 255])),
            ("#FF6666CC", Some([255, 102, 102, 204])),
            ("ff6666", Some([255, 102, 102, 255])),
            ("  Red ", Some([255, 0, 0, 255])),
            ("rebeccapurple", Some([102, 51, 153, 255])),
            ("transparent", Some([0, 0, 0, 0])),
            ("rgb(255, 102, 102)", Some([255, 102, 102, 255])),
            ("rgba(255 102 102 / 50%)", Some([255, 102, 102, 128])),
            ("rgb(100%, 40%, 40%)", Some([255, 102, 102, 255])),
            ("hsl(0, 100%, 70%)", Some([255, 102, 102, 255])),
            ("hsl(120deg 100% 25%)", Some([0, 128, 0, 255])),
            ("rgb(300, -5, 0)", Some([255, 0, 0, 255])),
            ("", None),
            ("#", None),
            ("#12345", None),
            ("reddish", None),
            ("rgb(1, 2)", None),
            ("rgb(1, 2, x)", None),
            ("rgb(1,2,NaN)", None),
            ("red;background:url(//x)", None),
            ("expression(alert(1))", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
